import type { Fault, ToolCall, Turn } from "../api/turn";
import type { Span } from "./placing";

/** What has a lane of its own where there is any of it. */
export const MARK_LANES = ["tools", "faults"] as const;
export type MarkLane = (typeof MARK_LANES)[number];

export type Mark = Span &
  ({ lane: "tools"; call: ToolCall } | { lane: "faults"; fault: Fault }) & { id: string };

/** Tool calls and faults of all turns, each where it was; one without a moment is nowhere. */
export function marksOf(turns: readonly Turn[]): Mark[] {
  return turns.flatMap(({ turn_index, tool_calls = [], faults = [] }) => [
    ...tool_calls.flatMap((call, place): Mark[] => {
      const { began_at_ms: fromMs, duration_ms } = call;
      if (fromMs === null) return [];
      const toMs = fromMs + (duration_ms ?? 0);
      return [{ id: `${turn_index} tool ${place}`, lane: "tools", call, fromMs, toMs }];
    }),
    ...faults.map((fault, place): Mark => {
      const { at_ms: fromMs, duration_ms } = fault;
      const toMs = fromMs + (duration_ms ?? 0);
      return { id: `${turn_index} fault ${place}`, lane: "faults", fault, fromMs, toMs };
    }),
  ]);
}
