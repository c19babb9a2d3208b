import { describe, expect, it } from "vitest";
import { gridOf, readView, toTurnsQuery, type View, writeView } from "./view";

const NOW = new Date("2026-11-26T12:00:00Z");
const some: View = {
  stage: "first_token_ms",
  by: "voice",
  llm_model: "kimi-k2.5",
  voice: "",
  language: "hi-IN",
  range: { span: "7d" },
};

describe("the view of latencies in an address", () => {
  it("is read as it was written", () => {
    expect(readView(writeView(some))).toEqual(some);
    expect(writeView(readView(""))).toBe("");
  });

  it("is the first one where the address makes no sense", () => {
    expect(readView("?stage=thinking&by=hour&range=ever")).toEqual(readView(""));
  });

  it("asks the API for moments", () => {
    expect(toTurnsQuery(some, NOW)).toEqual({
      from: "2026-11-19T12:00:00.000Z",
      to: "",
      llm_model: "kimi-k2.5",
      voice: "",
      language: "hi-IN",
    });
  });

  it.each<[string, "hour" | "day"]>([
    ["", "hour"],
    ["range=7d", "hour"],
    ["range=30d", "day"],
    ["to=2026-11-01T00:00:00Z", "hour"],
    ["from=2026-01-01T00:00:00Z", "day"],
  ])("has a point for each hour or day: %s", (search, grid) => {
    expect(gridOf(readView(search), NOW).unit).toBe(grid);
  });

  it.each([
    ["range=1h", "2026-11-26T11:00", "2026-11-26T11:00"],
    ["", "2026-11-25T12:00", "2026-11-26T11:00"],
    ["range=30d", "2026-10-27T00:00", "2026-11-26T00:00"],
    ["from=2026-11-01T10:20:00Z&to=2026-11-01T12:00:01Z", "2026-11-01T10:00", "2026-11-01T12:00"],
  ])("has a point for each part of the range that was asked for: %s", (search, first, last) => {
    const { firstS, lastS } = gridOf(readView(search), NOW);
    const moments = [firstS, lastS].map((seconds) => new Date(seconds * 1_000).toISOString());
    expect(moments).toEqual([`${first}:00.000Z`, `${last}:00.000Z`]);
  });
});
