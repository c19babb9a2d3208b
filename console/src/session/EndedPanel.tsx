import { Button, DataList, Heading, Spinner, Text } from "@radix-ui/themes";
import type { ApiClient } from "../api/client";
import { hasEnded, type Session } from "../api/sessions";
import type { Turn } from "../api/turn";
import { formatClock, formatMilliseconds } from "../latency/duration";
import { medianFirstAudioMs } from "../latency/stages";
import { text } from "../text/text";
import { Downloads } from "../transcript/Downloads";
import { Problem } from "../ui/Problem";
import { takeFocus } from "../ui/takeFocus";
import type { CallEnd } from "./call";
import type { EndedSession } from "./useEndedSession";

interface EndedPanelProps {
  api: ApiClient;
  sessionId: string;
  end: CallEnd;
  ended: EndedSession;
  turns: readonly Turn[];
  onAgain: () => void;
}

export function EndedPanel({ api, sessionId, end, ended, turns, onAgain }: EndedPanelProps) {
  const { session, problem } = ended;
  const closing = problem === null && ended.turns === null;
  return (
    <div className="stack">
      <div role="status" ref={takeFocus} tabIndex={-1}>
        <Heading as="h2" size="4">
          {text.ended.title}
        </Heading>
        <Text as="p" size="2" color="gray">
          {endSentence(session, end)}
        </Text>
      </div>
      {closing && (
        <Text as="p" size="2" className="row">
          <Spinner /> {text.ended.closing}
        </Text>
      )}
      {session !== null && <Facts session={session} turns={turns} />}
      {problem !== null && <Problem error={problem} />}
      {turns.length > 0 && <Downloads api={api} sessionId={sessionId} />}
      <Button size="3" onClick={onAgain}>
        {text.ended.again}
      </Button>
    </div>
  );
}

function Facts({ session, turns }: { session: Session; turns: readonly Turn[] }) {
  const duration = session.duration_seconds;
  const facts = [
    [text.ended.status, session.status],
    [text.ended.reason, session.end_reason ?? text.latency.notMeasured],
    [text.ended.duration, duration === null ? text.latency.notMeasured : formatClock(duration)],
    [text.ended.turns, String(turns.length)],
    [text.ended.median, formatMilliseconds(medianFirstAudioMs(turns))],
  ];
  return (
    <DataList.Root size="2">
      {facts.map(([name, value]) => (
        <DataList.Item key={name}>
          <DataList.Label>{name}</DataList.Label>
          <DataList.Value>{value}</DataList.Value>
        </DataList.Item>
      ))}
    </DataList.Root>
  );
}

/** The API's reason once it has one, until then what the page saw. */
function endSentence(session: Session | null, end: CallEnd): string {
  const reason = session !== null && hasEnded(session) ? session.end_reason : null;
  if (reason === null) return text.ended.seen[end];
  const reasons: Record<string, string> = text.ended.reasons;
  return reasons[reason] ?? text.ended.seen[end];
}
