import { describe, expect, it } from "vitest";
import { aTurn } from "../testing/aTurn";
import { medianFirstAudioMs } from "./stages";

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

  it("counts a turn whose words are erased, or were never to be kept", () => {
    const wordless = { user_transcript: "", agent_response: "", speech_ended_at_ms: 2_000 };
    expect(medianFirstAudioMs([aTurn({ ...wordless, first_audio_ms: 700 })])).toBe(700);
  });

  it("is unmeasured where nothing was", () => {
    expect(medianFirstAudioMs([waited(null)])).toBeNull();
  });
});
