import { expect, it } from "vitest";
import type { Check } from "../api/status";
import { standInsIn } from "./useStandIns";

const check = (name: string, stand_in: boolean): Check => ({
  name,
  ok: true,
  version: null,
  latency_ms: 3,
  hint: null,
  stand_in,
});

it("knows a stand-in for speech, and one for all models", () => {
  const checks = [
    check("postgres", false),
    check("sarvam rest", true),
    check("llm openrouter", true),
    check("llm moonshot", true),
  ];
  expect(standInsIn(checks)).toEqual({ speech: true, models: true });
});

it("takes models for served where one host is real", () => {
  const checks = [
    check("sarvam rest", false),
    check("llm openrouter", true),
    check("llm moonshot", false),
  ];
  expect(standInsIn(checks)).toEqual({ speech: false, models: false });
});

it("claims nothing where nothing is told", () => {
  expect(standInsIn([])).toEqual({ speech: false, models: false });
});
