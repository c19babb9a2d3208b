import { Card, Spinner } from "@radix-ui/themes";
import { lazy, Suspense, useSyncExternalStore } from "react";
import type { ApiClient } from "../api/client";
import type { SessionRequest } from "../api/sessions";
import { useText } from "../text/useText";
import { shownLines } from "../transcript/lines";
import { Transcript } from "../transcript/Transcript";
import { TurnList } from "../turns/TurnList";
import { CodeButton } from "./CodeButton";
import type { Call } from "./call";
import { EndedConversation } from "./EndedConversation";
import { NowTurn } from "./NowTurn";
import { loadLivePanel } from "./useTalk";

const LivePanel = lazy(loadLivePanel);

interface ConversationProps {
  api: ApiClient;
  call: Call;
  /** What it was created with. */
  request: SessionRequest;
  onAgain: () => void;
}

/** One conversation, from joining to looking back at it. */
export function Conversation({ api, call, request, onAgain }: ConversationProps) {
  const text = useText();
  const view = useSyncExternalStore(call.subscribe, call.view);
  const lines = shownLines(view.lines, view.turns);
  if (view.end !== null) {
    return (
      <EndedConversation
        api={api}
        sessionId={call.session.id}
        request={request}
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
      <Card size="2" className="side stack">
        <Suspense fallback={<Spinner aria-label={text.app.loading} />}>
          <LivePanel call={call} view={view} />
        </Suspense>
        <CodeButton request={request} />
      </Card>
      <Transcript lines={lines} say={{ ready: view.agentState !== null, onSay: call.say }} />
      <TurnList turns={view.turns} now={<NowTurn live={view.live} />} />
    </div>
  );
}
