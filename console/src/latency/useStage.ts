import type { MeasuredStage } from "../api/latency";
import { useText } from "../text/useText";

/** A stage's name and what it means. */
export function useStage(): (stage: MeasuredStage) => { name: string; meaning: string } {
  const { turns, latency } = useText();
  return (stage) => (stage === "total_ms" ? latency.total : turns.latency.stages[stage]);
}
