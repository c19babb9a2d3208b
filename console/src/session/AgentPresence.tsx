import {
  type AgentState,
  BarVisualizer,
  useConnectionState,
  useVoiceAssistant,
} from "@livekit/components-react";
import { Text } from "@radix-ui/themes";
import { ConnectionState } from "livekit-client";
import { useEffect, useState } from "react";
import { text } from "../text/text";
import "./visualizer.css";

/** An agent is there within a second; after this long one says what may be wrong. */
const LATE_MS = 8_000;

/** What the agent is doing, to see and to read. */
export function AgentPresence() {
  const { state, audioTrack } = useVoiceAssistant();
  const reconnecting = useConnectionState() === ConnectionState.Reconnecting;
  const late = useLate(state === "connecting");
  return (
    <section className="presence" aria-label={text.call.agent} data-agent-state={state}>
      <BarVisualizer
        aria-hidden
        state={state}
        trackRef={audioTrack}
        barCount={7}
        options={{ minHeight: 12 }}
      />
      <Text as="p" size="4" weight="medium" role="status">
        {reconnecting ? text.call.reconnecting : labelOf(state)}
      </Text>
      {late && (
        <Text as="p" size="2" color="gray" align="center">
          {text.call.late}
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

function labelOf(state: AgentState): string {
  const labels: Record<string, string> = text.call.states;
  return labels[state] ?? state;
}
