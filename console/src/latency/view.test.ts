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
    expect(gridOf(readView(search), NOW)).toBe(grid);
  });
});
