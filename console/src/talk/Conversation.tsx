import { Card, Spinner } from "@radix-ui/themes";
import { lazy, Suspense, useSyncExternalStore } from "react";
import type { ApiClient } from "../api/client";
import { useText } from "../text/useText";
import { shownLines } from "../transcript/lines";
import { Transcript } from "../transcript/Transcript";
import { TurnList } from "../turns/TurnList";
import type { Call } from "./call";
import { EndedConversation } from "./EndedConversation";
import { loadLivePanel } from "./useTalk";

const LivePanel = lazy(loadLivePanel);

interface ConversationProps {
  api: ApiClient;
  call: Call;
  onAgain: () => void;
}

/** One conversation, from joining to looking back at it. */
export function Conversation({ api, call, onAgain }: ConversationProps) {
  const text = useText();
  const view = useSyncExternalStore(call.subscribe, call.view);
  const lines = shownLines(view.lines, view.turns);
  if (view.end !== null) {
    return (
      <EndedConversation
        api={api}
        sessionId={call.session.id}
        end={view.end}
        joined={view.joined}
        lines={lines}
        turnsHeard={view.turns}
        onAgain={onAgain}
      />
    );
  }
  return (
    <div className="talk">
      <Card size="2" className="side">
        <Suspense fallback={<Spinner aria-label={text.app.loading} />}>
          <LivePanel call={call} view={view} />
        </Suspense>
      </Card>
      <Transcript lines={lines} say={{ ready: view.agentState !== null, onSay: call.say }} />
      <TurnList turns={view.turns} />
    </div>
  );
}
