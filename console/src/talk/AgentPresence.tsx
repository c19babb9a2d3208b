import { type AgentState, BarVisualizer, useTracks } from "@livekit/components-react";
import { Text } from "@radix-ui/themes";
import { Track } from "livekit-client";
import { useEffect, useState } from "react";
import { type Texts, useText } from "../text/useText";
import { takeFocus } from "../ui/takeFocus";
import "./visualizer.css";

/** An agent is there within a second; after this long one says what may be wrong. */
const LATE_MS = 8_000;

interface AgentPresenceProps {
  /** In LiveKit's words; `null` while no agent takes part. */
  state: string | null;
  reconnecting: boolean;
}

/** What the agent is doing, to see and to read. */
export function AgentPresence({ state, reconnecting }: AgentPresenceProps) {
  const text = useText();
  const voice = useTracks([Track.Source.Microphone]).find(
    ({ participant }) => !participant.isLocal,
  );
  const late = useLate(state === null && !reconnecting);
  return (
    <section
      className="presence"
      ref={takeFocus}
      tabIndex={-1}
      aria-label={text.talk.call.agent}
      data-agent-state={state}
    >
      <BarVisualizer
        aria-hidden
        state={(state ?? "connecting") as AgentState}
        trackRef={voice}
        barCount={7}
        options={{ minHeight: 12 }}
      />
      <Text as="p" size="4" weight="medium" role="status">
        {reconnecting ? text.talk.call.reconnecting : stateLabel(text, state)}
      </Text>
      {late && (
        <Text as="p" size="2" color="gray" align="center">
          {text.talk.call.late}
        </Text>
      )}
    </section>
  );
}

function useLate(waiting: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!waiting) return;
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return late;
}

/** A state that this page has no word for is shown in LiveKit's. */
function stateLabel(text: Texts, state: string | null): string {
  if (state === null) return text.talk.call.waiting;
  const labels: Record<string, string> = text.talk.call.states;
  return labels[state] ?? state;
}
