import { expect, it } from "vitest";
import { aToolCall } from "../testing/aToolCall";
import { aTurn } from "../testing/aTurn";
import { marksOf } from "./marks";

const fault = { kind: "model_late", at_ms: 4_000, duration_ms: null, provider: null, reason: null };

it("puts tool calls and faults of all turns where they were", () => {
  const turns = [
    aTurn({ turn_index: 1, tool_calls: [aToolCall({ began_at_ms: 2_000, duration_ms: 450 })] }),
    aTurn({ turn_index: 2, faults: [fault] }),
  ];
  expect(marksOf(turns)).toMatchObject([
    { lane: "tools", fromMs: 2_000, toMs: 2_450 },
    { lane: "faults", fromMs: 4_000, toMs: 4_000 },
  ]);
});

it("leaves out a call of which no moment was kept, and turns of which nothing is told", () => {
  expect(marksOf([aTurn({ tool_calls: [aToolCall({ began_at_ms: null })] }), aTurn({})])).toEqual(
    [],
  );
});
