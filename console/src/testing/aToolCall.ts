import type { ToolCall } from "../api/turn";

/** A call that went well, but for what a test says. */
export function aToolCall(part: Partial<ToolCall> = {}): ToolCall {
  return {
    name: "book_table",
    arguments: { people: 2 },
    result: "booked",
    outcome: "succeeded",
    began_at_ms: 2_000,
    duration_ms: 450,
    is_cut: false,
    ...part,
  };
}
