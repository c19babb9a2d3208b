import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { aToolCall } from "../testing/aToolCall";
import { aTurn } from "../testing/aTurn";
import { marksOf } from "../turns/marks";
import { Marks } from "./Marks";

afterEach(cleanup);

const axis = { lengthMs: 10_000, msPerPx: 10 };

it.each([
  [aToolCall(), "Tool book_table, succeeded, 450 ms", "false"],
  [aToolCall({ outcome: "failed" }), "Tool book_table, failed, 450 ms", "true"],
  [aToolCall({ outcome: null, duration_ms: null }), "Tool book_table, cut off, –", "true"],
])("tells what came of a tool call: %#", (call, name, failed) => {
  const marks = marksOf([aTurn({ tool_calls: [call] })]);
  render(<Marks marks={marks} lanes={["tools"]} axis={axis} drawn={{ fromMs: 0, toMs: 10_000 }} />);
  expect(screen.getByRole("img", { name }).dataset.failed).toBe(failed);
});
