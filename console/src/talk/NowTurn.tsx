import { Text } from "@radix-ui/themes";
import { useEffect, useState } from "react";
import { useText } from "../text/useText";
import { durationsOf, type LiveTurn } from "./live";
import "./now.css";

const REDRAW_MS = 100;

/** The exchange that is going on, as this page sees it; its measured stages follow when it ends. */
export function NowTurn({ live }: { live: LiveTurn }) {
  const { now: text } = useText().talk;
  const now = useNow(live.length > 0);
  const phases = durationsOf(live, now);
  return (
    <div className="now" data-idle={phases.length === 0}>
      <div className="now-bar" aria-hidden="true">
        {phases.map(({ phase, ms }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: phases are only ever added at the end
          <span key={place} data-phase={phase} style={{ flexGrow: Math.max(1, ms) }} />
        ))}
      </div>
      <div className="now-names" aria-hidden="true">
        {phases.length === 0 && (
          <Text size="1" color="gray">
            {text.idle}
          </Text>
        )}
        {phases.map(({ phase, ms }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: phases are only ever added at the end
          <Text key={place} size="1" data-phase={phase}>
            {text.phases[phase]} {(ms / 1_000).toFixed(1)} s
          </Text>
        ))}
      </div>
    </div>
  );
}

function useNow(running: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(performance.now()), REDRAW_MS);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
