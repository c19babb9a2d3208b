import { Theme } from "@radix-ui/themes";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Fault, Turn } from "../api/turn";
import { aToolCall } from "../testing/aToolCall";
import { aTurn } from "../testing/aTurn";
import { TurnRecord } from "./TurnRecord";

afterEach(cleanup);

const show = (part: Partial<Turn>) =>
  render(<TurnRecord turn={aTurn(part)} />, { wrapper: Theme }).container.textContent;

const fault = (part: Partial<Fault>): Fault => ({
  kind: "model_late",
  at_ms: 4_000,
  duration_ms: null,
  provider: null,
  reason: null,
  ...part,
});

it("says nothing of a turn in which nothing happened", () => {
  expect(show({ tool_calls: [], passages: [], faults: [], discarded_answers: 0 })).toBe("");
});

it("tells what a tool was asked, what it answered, and how long that took", () => {
  show({ tool_calls: [aToolCall({ result: "<b>booked</b>" })] });
  expect(screen.getByText(/Tool book_table/).textContent).toContain("succeeded 450 ms");
  expect(screen.getByText(/"people": 2/)).toBeTruthy();
  expect(screen.getByText("<b>booked</b>")).toBeTruthy();
});

it.each([
  [aToolCall({ outcome: null, result: null }), "cut off"],
  [aToolCall({ name: "", arguments: null, outcome: "unknown_tool" }), "a tool that there is not"],
  [aToolCall({ is_cut: true }), "Not all of it is kept."],
])("tells of a call that was cut off, unknown or too long: %#", (call, words) => {
  expect(show({ tool_calls: [call] })).toContain(words);
});

it("names faults in words, one of a newer agent by its own name", () => {
  const shown = show({
    faults: [
      fault({ provider: "openrouter", reason: "timed out", duration_ms: 800 }),
      fault({ kind: "moon_eclipse" }),
    ],
  });
  expect(shown).toContain("asked beside it (openrouter: timed out), 800 ms");
  expect(shown).toContain("moon_eclipse");
});

it("gives passages, thrown away answers and who served the answer", () => {
  const passage = { document_id: "d-1", document: "hours.txt", number: 2, text: "Nine to six." };
  const upstream = { llm: "clarifai", llm_model: "kimi", tts_model: null, speaker: "priya" };
  const shown = show({ passages: [passage], discarded_answers: 2, upstream });
  expect(shown).toContain("1 passage given to the model");
  expect(shown).toContain("hours.txt, passage 2Nine to six.");
  expect(shown).toContain("2 early answers thrown away");
  expect(shown).toContain("Served by clarifai · kimi · priya");
});
