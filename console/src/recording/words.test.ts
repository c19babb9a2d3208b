import { describe, expect, it } from "vitest";
import { placeWords, wordAt } from "./words";

const span = { fromMs: 1_000, toMs: 2_000 };

describe("the time of a word", () => {
  it("is found from its share of the letters", () => {
    expect(placeWords("Are you  open?", span)).toEqual([
      { word: "Are", atMs: 1_000 },
      { word: "you", atMs: 1_286 },
      { word: "open?", atMs: 1_643 },
    ]);
  });

  it("is none where nothing was said", () => {
    expect(placeWords(" ", span)).toEqual([]);
  });
});

it("finds the word of a moment, and none before or after them", () => {
  const words = placeWords("Are you open?", span);
  expect([999, 1_000, 1_400, 2_000, 2_001].map((atMs) => wordAt(words, span, atMs))).toEqual([
    null,
    0,
    1,
    2,
    null,
  ]);
});
