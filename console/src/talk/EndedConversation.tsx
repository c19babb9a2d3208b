import { Card } from "@radix-ui/themes";
import type { ApiClient } from "../api/client";
import type { SessionRequest } from "../api/sessions";
import type { Turn } from "../api/turn";
import type { ShownLine } from "../transcript/lines";
import { Transcript } from "../transcript/Transcript";
import { TurnList } from "../turns/TurnList";
import { TurnTable } from "../turns/TurnTable";
import { CodeButton } from "./CodeButton";
import type { CallEnd } from "./call";
import { EndedPanel } from "./EndedPanel";
import { useEndedSession } from "./useEndedSession";

interface EndedConversationProps {
  api: ApiClient;
  sessionId: string;
  request: SessionRequest;
  end: CallEnd;
  joined: boolean;
  lines: readonly ShownLine[];
  /** The turns that reached the page; the API's own take their place once it has them all. */
  turnsHeard: readonly Turn[];
  onAgain: () => void;
}

export function EndedConversation(props: EndedConversationProps) {
  const { api, sessionId, request, end, joined, lines, turnsHeard, onAgain } = props;
  const ended = useEndedSession(api, sessionId, joined);
  const turns = ended.turns ?? turnsHeard;
  return (
    <div className="talk">
      <Card size="2" className="side stack">
        <EndedPanel
          api={api}
          sessionId={sessionId}
          end={end}
          ended={ended}
          turns={turns}
          onAgain={onAgain}
        />
        <CodeButton request={request} />
      </Card>
      <Transcript lines={lines} say={null} />
      <TurnList turns={turns} />
      {turns.length > 0 && <TurnTable turns={turns} />}
    </div>
  );
}
