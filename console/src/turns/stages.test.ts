import { describe, expect, it } from "vitest";
import { aTurn } from "../testing/aTurn";
import { medianFirstAudioMs, sharedScaleMs, stageBars } from "./stages";

const percents = (turn: Parameters<typeof stageBars>[0], scaleMs: number) =>
  Object.fromEntries(stageBars(turn, scaleMs).map(({ key, percent }) => [key, percent]));

describe("stageBars", () => {
  it("draws each stage from zero on its own, so that overlapping stages never add up", () => {
    const turn = aTurn({
      eou_delay_ms: 200,
      stt_ms: 150,
      first_token_ms: 100,
      first_audio_ms: 250,
    });
    expect(percents(turn, 500)).toEqual({
      eou_delay_ms: 40,
      stt_ms: 30,
      first_token_ms: 20,
      tts_ttfb_ms: 0,
      first_audio_ms: 50,
    });
  });

  it("tells a stage that was not measured from one that took no time", () => {
    const [delay, recognition] = stageBars(aTurn({ eou_delay_ms: 0, stt_ms: null }), 500);
    expect(delay?.duration).toBe(0);
    expect(recognition?.duration).toBeNull();
  });

  it("says which clock a stage is counted on", () => {
    const clocks = stageBars(aTurn({}), 500).map(({ clock }) => clock);
    expect(clocks).toEqual(["speech", "speech", "request", "request", "speech"]);
  });
});

describe("sharedScaleMs", () => {
  it("fits the longest stage of all turns, rounded up", () => {
    const turns = [aTurn({ first_audio_ms: 412 }), aTurn({ first_audio_ms: 1260 })];
    expect(sharedScaleMs(turns)).toBe(1500);
  });

  it("does not blow up short stages to full bars", () => {
    expect(sharedScaleMs([aTurn({ stt_ms: 40 })])).toBe(500);
    expect(sharedScaleMs([])).toBe(500);
  });

  it("leaves out the whole reply's length, which would dwarf the stages", () => {
    expect(sharedScaleMs([aTurn({ first_audio_ms: 400, total_ms: 9000 })])).toBe(500);
  });
});

describe("medianFirstAudioMs", () => {
  const waited = (first_audio_ms: number | null) => aTurn({ first_audio_ms });

  it("is the middle wait, or the mean of the middle two", () => {
    expect(medianFirstAudioMs([waited(900), waited(400), waited(500)])).toBe(500);
    expect(medianFirstAudioMs([waited(900), waited(400), waited(500), waited(600)])).toBe(550);
  });

  it("leaves out unmeasured turns and the greeting", () => {
    const greeting = aTurn({ turn_index: 0, user_transcript: "", first_audio_ms: 5 });
    expect(medianFirstAudioMs([greeting, waited(null), waited(700)])).toBe(700);
  });

  it("is unmeasured where nothing was", () => {
    expect(medianFirstAudioMs([waited(null)])).toBeNull();
  });
});
