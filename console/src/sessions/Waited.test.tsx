import { Theme } from "@radix-ui/themes";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Turn } from "../api/turn";
import { aToolCall } from "../testing/aToolCall";
import { aTurn } from "../testing/aTurn";
import { Waited } from "./Waited";

afterEach(cleanup);

const slow = aTurn({
  turn_index: 4,
  speech_ended_at_ms: 5_000,
  first_audio_ms: 2_000,
  eou_delay_ms: 300,
  tool_calls: [aToolCall({ began_at_ms: 5_300, duration_ms: 1_200 })],
  tts_requested_at_ms: 6_500,
  tts_ttfb_ms: 500,
  faults: [
    { kind: "voice_lost", at_ms: 6_600, duration_ms: null, provider: null, reason: null },
    { kind: "caller_away", at_ms: 9_000, duration_ms: null, provider: null, reason: null },
  ],
});

const show = (turns: readonly Turn[], onChoose: (turnIndex: number) => void = () => undefined) =>
  render(<Waited turns={turns} onChoose={onChoose} />, { wrapper: Theme }).container;

it("tells a wait as a sentence, the longest part of it standing out", () => {
  const item = show([slow]).querySelector("li");
  expect(item?.textContent).toContain(
    "Turn 4 The caller waited 2.00 s: 300 ms until it was clear that they had finished, " +
      "1.20 s for tools (book_table), 500 ms for the voice’s first sound",
  );
  expect(item?.querySelector("b")?.textContent).toBe("1.20 s for tools (book_table)");
});

it("names what went wrong in the meantime, and nothing later", () => {
  const told = show([slow]).textContent;
  expect(told).toContain("The voice’s connection was lost and replaced");
  expect(told).not.toContain("away");
});

it("leads to the turn", () => {
  const onChoose = vi.fn();
  show([slow], onChoose);
  fireEvent.click(screen.getByRole("button", { name: "Turn 4" }));
  expect(onChoose).toHaveBeenCalledWith(4);
});

it("is not there where nobody waited", () => {
  expect(show([aTurn({})]).querySelector("section")).toBeNull();
});
