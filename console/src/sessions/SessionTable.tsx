import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type Ref, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link, useSearch } from "wouter";
import type { Session } from "../api/sessions";
import { useBotNames } from "../api/useBotNames";
import { useText } from "../text/useText";
import { DASH } from "../ui/duration";
import { Moment } from "../ui/Moment";
import { TableHead } from "../ui/Table";
import { Duration } from "./Duration";
import { StatusBadge } from "./StatusBadge";
import "./list.css";

const ROW_PX = 45;
/** Rows in the document beyond those that are seen, on either side. */
const BEYOND = 12;
/** So many rows before the last one that is loaded, more are asked for. */
const AHEAD = 30;

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
  const bots = useBotNames(sessions.some(({ bot_id }) => bot_id !== null));
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
      <Columns />
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
                bots={bots}
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

function Columns() {
  const { columns } = useText().sessions;
  return (
    <TableHead
      columns={[
        columns.created,
        columns.status,
        { name: columns.ended, className: "wide reason" },
        { name: columns.bot, className: "wide" },
        { name: columns.language, className: "wide" },
        { name: columns.voice, className: "wide" },
        { name: columns.model, className: "wide" },
        { name: columns.turns, className: "figure turns" },
        { name: columns.duration, className: "figure" },
      ]}
    />
  );
}

interface SessionRowProps {
  ref: Ref<HTMLTableRowElement>;
  index: number;
  session: Session;
  bots: ReadonlyMap<string, string>;
}

function SessionRow({ ref, index, session, bots }: SessionRowProps) {
  const { config, bot_id: botId, end_reason: reason } = session;
  const search = useSearch();
  const reasons: Record<string, string> = useText().sessions.reasons;
  const botName = botId === null ? undefined : (bots.get(botId) ?? botId.slice(0, 8));
  return (
    <tr ref={ref} data-index={index} data-session={session.id} aria-rowindex={index + 2}>
      <th scope="row">
        <Link href={`/sessions/${session.id}`} state={{ search }}>
          <Moment at={session.created_at} />
        </Link>
        <span className="narrow-only">
          {config.language} · {config.voice}
        </span>
      </th>
      <td>
        <StatusBadge status={session.status} />
      </td>
      <td className="wide">{reason === null ? DASH : (reasons[reason] ?? reason)}</td>
      <td className="wide" title={botName}>
        {botName ?? DASH}
      </td>
      <td className="wide">{config.language}</td>
      <td className="wide">{config.voice}</td>
      <td className="wide">{config.llm_model}</td>
      <td className="figure turns">{session.turn_count}</td>
      <td className="figure">
        <Duration session={session} />
      </td>
    </tr>
  );
}
