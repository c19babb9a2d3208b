import { describe, expect, it } from "vitest";
import { aTurn } from "../testing/aTurn";
import { heardSpans, placeTurn, turnAt } from "./placing";

const measured = aTurn({
  started_at_ms: 1_000,
  speech_ended_at_ms: 3_000,
  eou_delay_ms: 200,
  stt_ms: 90,
  llm_requested_at_ms: 2_950,
  first_token_ms: 120,
  tts_requested_at_ms: 3_100,
  tts_ttfb_ms: 80,
  first_audio_ms: 250,
  total_ms: 2_000,
  ended_at_ms: 5_000,
});

describe("the place of a turn on the time axis", () => {
  it("has every stage where it happened, also one that began before the turn was decided", () => {
    const placed = placeTurn(measured);
    expect(placed?.spans).toEqual([
      { lane: "caller", fromMs: 1_000, toMs: 3_000 },
      { lane: "eou_delay_ms", fromMs: 3_000, toMs: 3_200 },
      { lane: "stt_ms", fromMs: 3_000, toMs: 3_090 },
      { lane: "first_token_ms", fromMs: 2_950, toMs: 3_070 },
      { lane: "tts_ttfb_ms", fromMs: 3_100, toMs: 3_180 },
      { lane: "first_audio_ms", fromMs: 3_000, toMs: 3_250 },
      { lane: "playing", fromMs: 3_250, toMs: 5_000 },
    ]);
    expect([placed?.fromMs, placed?.toMs]).toEqual([1_000, 5_000]);
  });

  it("leaves out what was not measured", () => {
    const lanes = placeTurn({ ...measured, stt_ms: null, tts_requested_at_ms: null })?.spans;
    expect(lanes?.map(({ lane }) => lane)).not.toContain("stt_ms");
    expect(lanes?.map(({ lane }) => lane)).not.toContain("tts_ttfb_ms");
  });

  it("is found from the turn's end where nobody told when the speech ended", () => {
    expect(placeTurn({ ...measured, speech_ended_at_ms: null })?.spans[0]?.toMs).toBe(3_000);
  });

  it("is that of its sound for a greeting", () => {
    const greeting = aTurn({ user_transcript: "", started_at_ms: 40, ended_at_ms: 1_640 });
    expect(placeTurn(greeting)?.spans).toEqual([{ lane: "playing", fromMs: 40, toMs: 1_640 }]);
  });

  it("is nowhere for a turn without figures", () => {
    expect(placeTurn(aTurn({}))).toBeNull();
  });
});

it("knows when each side of a turn is heard", () => {
  expect(heardSpans(measured)).toMatchObject({
    caller: { fromMs: 1_000, toMs: 3_000 },
    agent: { fromMs: 3_250, toMs: 5_000 },
  });
  expect(heardSpans(aTurn({}))).toEqual({ caller: null, agent: null });
});

it("finds the turn that a moment is in", () => {
  const turns = [aTurn({ turn_index: 0, started_at_ms: 900 }), measured, aTurn({ turn_index: 2 })];
  expect([0, 950, 6_000].map((atMs) => turnAt(turns, atMs))).toEqual([null, 0, 1]);
});
