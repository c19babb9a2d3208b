import { describe, expect, it } from "vitest";
import { aTurn } from "../testing/aTurn";
import { axisOf, barsOf, percentOn, placeOn } from "./bars";

const ANSWER = aTurn({
  speech_ended_at_ms: 5_000,
  llm_requested_at_ms: 4_900,
  tts_requested_at_ms: 5_150,
  eou_delay_ms: 200,
  stt_ms: 150,
  first_token_ms: 240,
  tts_ttfb_ms: 80,
  first_audio_ms: 260,
  total_ms: 3_260,
});
const GREETING = aTurn({
  turn_index: 0,
  user_transcript: "",
  tts_requested_at_ms: 0,
  tts_ttfb_ms: 100,
  started_at_ms: 900,
  ended_at_ms: 2_100,
});
const bar = (turn: typeof ANSWER, key: string) => barsOf(turn).find((each) => each.key === key);

describe("barsOf", () => {
  it("counts from the end of the caller's speech, before which an answer may have begun", () => {
    expect(bar(ANSWER, "eou_delay_ms")).toMatchObject({ startMs: 0, duration: 200 });
    expect(bar(ANSWER, "first_token_ms")).toMatchObject({ startMs: -100, duration: 240 });
    expect(bar(ANSWER, "tts_ttfb_ms")).toMatchObject({ startMs: 150, duration: 80 });
  });

  it("plays from the first sound to the last", () => {
    expect(bar(ANSWER, "playing")).toMatchObject({ startMs: 260, duration: 3_000 });
    expect(bar(GREETING, "playing")).toMatchObject({ startMs: 0, duration: 1_200 });
  });

  it("does not place what was asked for at an unknown moment", () => {
    const old = aTurn({ first_token_ms: 100, speech_ended_at_ms: null });
    expect(bar(old, "first_token_ms")).toMatchObject({ startMs: null, duration: 100 });
  });
});

describe("axisOf", () => {
  it("holds every stage and a part of the reply, with zero among its lines", () => {
    const axis = axisOf([ANSWER]);
    expect(axis).toEqual({ fromMs: -100, toMs: 650, ticksMs: [0, 250, 500] });
  });

  it("is not stretched by the greeting, nor by how long a reply is", () => {
    expect(axisOf([GREETING, ANSWER])).toEqual(axisOf([ANSWER]));
    expect(axisOf([aTurn({ first_audio_ms: 400, total_ms: 60_000 })]).toMs).toBeLessThan(1_000);
  });

  it("keeps to a few lines, however slow a turn was", () => {
    expect(axisOf([aTurn({ first_audio_ms: 19_000 })]).ticksMs.length).toBeLessThanOrEqual(6);
  });
});

describe("placeOn", () => {
  const axis = { fromMs: -100, toMs: 900, ticksMs: [] };
  const placed = (startMs: number | null, duration: number | null) =>
    placeOn(axis, { key: "stt_ms", startMs, duration });

  it("lays a bar where it was", () => {
    expect(placed(0, 500)).toEqual({ startPercent: 10, lengthPercent: 50, goesOn: false });
    expect(percentOn(axis, 0)).toBe(10);
  });

  it("cuts what runs off the axis", () => {
    expect(placed(-400, 500)).toMatchObject({ startPercent: 0, lengthPercent: 20 });
    expect(placed(400, 5_000)).toEqual({ startPercent: 50, lengthPercent: 50, goesOn: true });
  });

  it("draws nothing for what was not measured", () => {
    expect(placed(0, null)).toBeNull();
  });
});
