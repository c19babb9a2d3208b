import { describe, expect, it } from "vitest";
import type { UsageItem } from "../../api/usage";
import { credits } from "../amount";
import { spendingOf } from "./spending";

const item = (service: UsageItem["service"], model: string, amount: number): UsageItem => ({
  service,
  model,
  credits: amount,
  input_tokens: 0,
  output_tokens: 0,
  characters: 0,
  audio_seconds: 0,
});

describe("spending", () => {
  it("is told by service in the order of a turn, its dearest model first", () => {
    const rows = [item("tts", "bulbul", 6), item("llm", "small", 1), item("llm", "large", 3)];
    const found = spendingOf(rows);
    expect(found.map(({ service, share }) => [service, share])).toEqual([
      ["stt", 0],
      ["llm", 0.4],
      ["tts", 0.6],
    ]);
    expect(found[1]?.items.map(({ model }) => model)).toEqual(["large", "small"]);
  });

  it("has shares of nothing where nothing was spent", () => {
    expect(spendingOf([]).every(({ share }) => share === 0)).toBe(true);
  });
});

describe("an amount of credits", () => {
  it.each([
    [1234567.891, "12,34,567.89"],
    [-0.0042, "-0.0042"],
    [0, "0"],
  ])("%d is written as %s", (amount, written) => expect(credits(amount)).toBe(written));
});
