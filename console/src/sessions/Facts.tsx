import type { ReactNode } from "react";
import type { Session } from "../api/sessions";
import type { Turn } from "../api/turn";
import { useText } from "../text/useText";
import { medianFirstAudioMs } from "../turns/stages";
import { formatMilliseconds } from "../ui/duration";
import { Moment } from "../ui/Moment";
import { Duration } from "./Duration";
import { StatusBadge } from "./StatusBadge";

/** A session at a glance. */
export function Facts({ session, turns }: { session: Session; turns: readonly Turn[] }) {
  const { facts: text } = useText().session;
  const { config, started_at: startedAt } = session;
  const facts: [string, ReactNode][] = [
    [text.status, <StatusBadge key="status" status={session.status} />],
    startedAt === null
      ? [text.created, <Moment key="created" at={session.created_at} />]
      : [text.started, <Moment key="started" at={startedAt} />],
    [text.duration, <Duration key="duration" session={session} />],
    [text.turns, session.turn_count],
    [text.median, formatMilliseconds(medianFirstAudioMs(turns))],
    [text.language, config.language],
    [text.voice, config.voice],
    [text.model, config.llm_model],
  ];
  return (
    <dl className="facts" aria-label={text.label}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="figure">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
