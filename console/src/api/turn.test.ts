import { describe, expect, it } from "vitest";
import { aTurn } from "../testing/aTurn";
import { parseTurn, withTurn } from "./turn";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe("parseTurn", () => {
  it("reads a published turn and leaves unmeasured stages null", () => {
    const turn = aTurn({ turn_index: 3, first_audio_ms: 412.5, interrupted: true });
    expect(parseTurn(bytes({ ...turn, id: "t-3", language: "en-IN" }))).toEqual(turn);
  });

  it("takes an absent, a negative or a misspelt figure as unmeasured", () => {
    const turn = parseTurn(bytes({ turn_index: 1, stt_ms: -4, first_token_ms: "100" }));
    expect(turn).toMatchObject({ stt_ms: null, first_token_ms: null, first_audio_ms: null });
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "7"],
    ["null", "null"],
    ["no index", "{}"],
  ])("reads nothing from a packet that holds %s", (_what, packet) => {
    expect(parseTurn(new TextEncoder().encode(packet))).toBeNull();
  });
});

describe("withTurn", () => {
  it("keeps turns in order and lets a later telling replace an earlier one", () => {
    let turns = withTurn([], aTurn({ turn_index: 2 }));
    turns = withTurn(turns, aTurn({ turn_index: 0 }));
    turns = withTurn(turns, aTurn({ turn_index: 2, interrupted: true }));
    expect(turns.map((turn) => [turn.turn_index, turn.interrupted])).toEqual([
      [0, false],
      [2, true],
    ]);
  });
});
