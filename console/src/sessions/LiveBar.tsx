import { Card, Text } from "@radix-ui/themes";
import type { Session } from "../api/sessions";
import type { Stream } from "../api/useStream";
import { useText } from "../text/useText";
import { ConnectionState } from "../ui/ConnectionState";
import { Problem } from "../ui/Problem";
import { EndSession } from "./EndSession";
import { ListenIn } from "./ListenIn";

interface LiveBarProps {
  session: Session;
  agentState: string | null;
  stream: Stream;
}

/** What is going on in a running session, and what can be done about it. */
export function LiveBar({ session, agentState, stream }: LiveBarProps) {
  const { now: text } = useText().session;
  const states: Record<string, string> = text.agent;
  const isActive = session.status === "active";
  return (
    <Card size="1">
      <div className="live-bar">
        <ConnectionState connection={stream.connection} />
        <Text as="p" size="2" role="status">
          {isActive ? (states[agentState ?? ""] ?? text.active) : text.created}
        </Text>
        <div className="row">
          {isActive && <ListenIn sessionId={session.id} />}
          <EndSession sessionId={session.id} />
        </div>
        {stream.problem && <Problem error={stream.problem} />}
      </div>
    </Card>
  );
}
