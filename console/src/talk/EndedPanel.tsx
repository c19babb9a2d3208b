import { Button, DataList, Heading, Spinner, Text } from "@radix-ui/themes";
import type { ApiClient } from "../api/client";
import { hasEnded, type Session } from "../api/sessions";
import type { Turn } from "../api/turn";
import { type Texts, useText } from "../text/useText";
import { Downloads } from "../transcript/Downloads";
import { medianFirstAudioMs } from "../turns/stages";
import { DASH, formatClock, formatMilliseconds } from "../ui/duration";
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
  const text = useText();
  const { session, problem } = ended;
  const closing = problem === null && ended.turns === null;
  return (
    <div className="stack">
      <div role="status" ref={takeFocus} tabIndex={-1}>
        <Heading as="h2" size="4">
          {text.talk.ended.title}
        </Heading>
        <Text as="p" size="2" color="gray">
          {endSentence(text, session, end)}
        </Text>
      </div>
      {closing && (
        <Text as="p" size="2" className="row">
          <Spinner /> {text.talk.ended.closing}
        </Text>
      )}
      {session !== null && <Facts session={session} turns={turns} />}
      {problem !== null && <Problem error={problem} />}
      {turns.length > 0 && <Downloads api={api} sessionId={sessionId} />}
      <Button size="3" onClick={onAgain}>
        {text.talk.ended.again}
      </Button>
    </div>
  );
}

function Facts({ session, turns }: { session: Session; turns: readonly Turn[] }) {
  const text = useText();
  const duration = session.duration_seconds;
  const facts = [
    [text.talk.ended.status, text.sessions.statuses[session.status]],
    [text.talk.ended.duration, duration === null ? DASH : formatClock(duration)],
    [text.talk.ended.turns, String(turns.length)],
    [text.talk.ended.median, formatMilliseconds(medianFirstAudioMs(turns))],
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
function endSentence(text: Texts, session: Session | null, end: CallEnd): string {
  const reason = session !== null && hasEnded(session) ? session.end_reason : null;
  if (reason === null) return text.talk.ended.seen[end];
  const reasons: Record<string, string> = text.talk.ended.reasons;
  return reasons[reason] ?? text.talk.ended.seen[end];
}
