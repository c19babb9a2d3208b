import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type Ref, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Link, useSearch } from "wouter";
import type { Session } from "../api/sessions";
import { useListedBots } from "../api/useListedBots";
import { useText } from "../text/useText";
import { DASH, formatMilliseconds } from "../ui/duration";
import { Moment } from "../ui/Moment";
import { shortId } from "../ui/shortId";
import { TableHead } from "../ui/Table";
import { useFigure } from "../ui/useFigure";
import { Duration } from "./Duration";
import { isAnalysed, Outcome } from "./Outcome";
import { StatusBadge } from "./StatusBadge";
import "./list.css";

const ROW_PX = 45;
/** Rows in the document beyond those that are seen, on either side. */
const BEYOND = 12;
/** So many rows before the last one that is loaded, more are asked for. */
const AHEAD = 30;
/** Of credits. */
const DECIMALS = 2;

interface SessionTableProps {
  sessions: readonly Session[];
  total: number;
  /** The end of what is loaded comes near. */
  onNearEnd: () => void;
}

/** Sessions, a row each; of thousands only those that are seen are in the document. */
export function SessionTable({ sessions, total, onNearEnd }: SessionTableProps) {
  const { sessions: text } = useText();
  const [body, margin] = useMargin();
  const bots = useListedBots(sessions.some(({ bot_id }) => bot_id !== null));
  const names = useMemo(() => new Map(bots.map(({ id, name }) => [id, name])), [bots]);
  const hasOutcomes = sessions.some(isAnalysed);
  const rows = useWindowVirtualizer({
    count: sessions.length,
    estimateSize: () => ROW_PX,
    overscan: BEYOND,
    scrollMargin: margin,
    getItemKey: (index) => sessions[index]?.id ?? index,
  });
  const shown = rows.getVirtualItems();
  const [first, last] = [shown[0], shown.at(-1)];
  const isNearEnd = (last?.index ?? 0) + AHEAD >= sessions.length;
  useEffect(() => {
    if (isNearEnd) onNearEnd();
  }, [isNearEnd, onNearEnd]);
  return (
    <table className="session-list" aria-label={text.title} aria-rowcount={total + 1}>
      <Columns hasOutcomes={hasOutcomes} />
      <tbody ref={body}>
        <Gap height={(first?.start ?? margin) - margin} />
        {shown.map(({ index, key }) => {
          const session = sessions[index];
          return (
            session && (
              <SessionRow
                key={key}
                ref={rows.measureElement}
                index={index}
                session={session}
                bots={names}
                hasOutcomes={hasOutcomes}
              />
            )
          );
        })}
        <Gap height={rows.getTotalSize() - ((last?.end ?? margin) - margin)} />
      </tbody>
    </table>
  );
}

/** How far below the document's beginning the rows begin. */
function useMargin(): [Ref<HTMLTableSectionElement>, number] {
  const body = useRef<HTMLTableSectionElement>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (body.current) setMargin(body.current.getBoundingClientRect().top + window.scrollY);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  return [body, margin];
}

/** In the place of the rows that are not in the document. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
    <tr aria-hidden="true" className="session-gap">
      <td style={{ blockSize: height }} />
    </tr>
  );
}

function Columns({ hasOutcomes }: { hasOutcomes: boolean }) {
  const { columns } = useText().sessions;
  return (
    <TableHead
      columns={[
        columns.created,
        { name: columns.status, className: "status" },
        { name: columns.ended, className: "wide reason" },
        { name: columns.bot, className: "wide" },
        { name: columns.speaks, className: "widest speaks" },
        { name: columns.model, className: "widest model" },
        ...(hasOutcomes ? [{ name: columns.outcome, className: "wide" }] : []),
        { name: columns.turns, className: "figure turns" },
        { name: columns.firstAudio, className: "figure wide" },
        { name: columns.cost, className: "figure wide" },
        { name: columns.duration, className: "figure" },
      ]}
    />
  );
}

interface SessionRowProps {
  ref: Ref<HTMLTableRowElement>;
  index: number;
  session: Session;
  /** Names by ids. */
  bots: ReadonlyMap<string, string>;
  hasOutcomes: boolean;
}

function SessionRow({ ref, index, session, bots, hasOutcomes }: SessionRowProps) {
  const { config, bot_id: botId, end_reason: reason, first_audio_ms: firstAudioMs } = session;
  const { sessions: text } = useText();
  const search = useSearch();
  const figure = useFigure();
  const reasons: Record<string, string> = text.reasons;
  const ended = reason === null ? null : (reasons[reason] ?? reason);
  const speaks = `${config.language} · ${config.voice}`;
  const bot = botId === null ? null : (bots.get(botId) ?? shortId(botId));
  const version = config.bot_version === undefined ? "" : text.version(config.bot_version);
  const firstAudio = formatMilliseconds(firstAudioMs ?? null);
  return (
    <tr ref={ref} data-index={index} data-session={session.id} aria-rowindex={index + 2}>
      <th scope="row">
        <Link href={`/sessions/${session.id}`} state={{ search }}>
          <Moment at={session.created_at} />
        </Link>
        <span className="narrow-only">
          {bot === null ? speaks : <BotVersion bot={bot} version={version} />}
        </span>
      </th>
      <td>
        <StatusBadge status={session.status} />
        {ended !== null && <span className="narrow-only">{ended}</span>}
      </td>
      <td className="wide">{ended ?? DASH}</td>
      <td className="wide" title={bot === null ? undefined : `${bot} ${version}`}>
        {bot === null ? DASH : <BotVersion bot={bot} version={version} />}
      </td>
      <td className="widest">{speaks}</td>
      <td className="widest">{config.llm_model}</td>
      {hasOutcomes && (
        <td className="wide">
          <Outcome session={session} />
        </td>
      )}
      <td className="figure turns">{session.turn_count}</td>
      <td className="figure wide">{firstAudio}</td>
      <td className="figure wide">
        {session.credits === undefined ? DASH : figure(session.credits, DECIMALS)}
      </td>
      <td className="figure">
        <Duration session={session} />
        {firstAudioMs !== undefined && (
          <span className="narrow-only" title={text.columns.firstAudio}>
            {firstAudio}
          </span>
        )}
      </td>
    </tr>
  );
}

/** Of a long name the end goes, not the version. */
function BotVersion({ bot, version }: { bot: string; version: string }) {
  return (
    <span className="bot-version">
      <span>{bot}</span> <span>{version}</span>
    </span>
  );
}
