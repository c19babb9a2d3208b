import { describe, expect, it } from "vitest";
import type { Turn } from "../api/turn";
import { aToolCall } from "../testing/aToolCall";
import { aTurn } from "../testing/aTurn";
import { longestWaits, waitOf } from "./waiting";

const parts = (part: Partial<Turn>) => {
  const found = waitOf(aTurn({ speech_ended_at_ms: 5_000, ...part }))?.parts ?? [];
  return Object.fromEntries(found.map(({ cause, ms }) => [cause, ms]));
};

describe("what the caller waited for", () => {
  it("is stage after stage where each began when the one before was over", () => {
    const turn = {
      first_audio_ms: 1_000,
      eou_delay_ms: 200,
      stt_ms: 150,
      llm_requested_at_ms: 5_200,
      first_token_ms: 400,
      tts_requested_at_ms: 5_700,
      tts_ttfb_ms: 250,
    };
    expect(parts(turn)).toEqual({
      end_of_turn: 200,
      model: 400,
      sentence: 100,
      voice: 250,
      rest: 50,
    });
  });

  it("is the decision alone where an early answer was ready for it", () => {
    const turn = {
      first_audio_ms: 600,
      eou_delay_ms: 600,
      llm_requested_at_ms: 4_800,
      first_token_ms: 300,
      tts_requested_at_ms: 5_150,
      tts_ttfb_ms: 80,
    };
    expect(parts(turn)).toEqual({ end_of_turn: 600 });
  });

  it("is what recognition took beyond the decision", () => {
    expect(parts({ first_audio_ms: 500, eou_delay_ms: 200, stt_ms: 450 })).toEqual({
      end_of_turn: 200,
      recognition: 250,
      rest: 50,
    });
  });

  it("is a tool, not the model that waited for it, and none that went on during the sound", () => {
    const calls = [
      aToolCall({ began_at_ms: 5_300, duration_ms: 1_000 }),
      aToolCall({ began_at_ms: 6_900, duration_ms: 5_000 }),
      aToolCall({ began_at_ms: 5_200, duration_ms: null }),
    ];
    const turn = { first_audio_ms: 2_000, llm_requested_at_ms: 5_000, first_token_ms: 1_600 };
    expect(parts({ ...turn, tool_calls: calls })).toEqual({ model: 600, tools: 1_000, rest: 400 });
  });

  it("is the voice where words were said before a tool's result was there", () => {
    const turn = {
      first_audio_ms: 500,
      eou_delay_ms: 200,
      llm_requested_at_ms: 5_100,
      first_token_ms: 200,
      tts_requested_at_ms: 5_350,
      tts_ttfb_ms: 150,
      tool_calls: [aToolCall({ began_at_ms: 5_320, duration_ms: 800 })],
    };
    expect(parts(turn)).toEqual({ end_of_turn: 200, model: 100, sentence: 50, voice: 150 });
  });

  it("is nothing in a greeting, or where it was not measured", () => {
    expect(waitOf(aTurn({ user_transcript: "", first_audio_ms: 300 }))).toBeNull();
    expect(waitOf(aTurn({ speech_ended_at_ms: 5_000 }))).toBeNull();
  });

  it("adds up to the whole wait", () => {
    const turn = aTurn({ speech_ended_at_ms: 13, first_audio_ms: 777, eou_delay_ms: 900 });
    const wait = waitOf(turn);
    expect(wait?.parts).toEqual([{ cause: "end_of_turn", ms: 777 }]);
  });
});

it("finds the longest waits", () => {
  const turns = [300, 900, null, 500].map((first_audio_ms, turn_index) =>
    aTurn({ turn_index, first_audio_ms, speech_ended_at_ms: 0 }),
  );
  expect(longestWaits(turns, 2).map(({ turn }) => turn.turn_index)).toEqual([1, 3]);
});
