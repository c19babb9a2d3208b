import { describe, expect, it } from "vitest";
import type { Catalog } from "../api/catalog";
import { aBot } from "../testing/aBot";
import { FIRST_DRAFT, fitted, isOf, requestOf, withBot, withinLimits, withoutBot } from "./draft";

const CATALOG: Catalog = {
  languages: [
    { id: "en-IN", name: "English", stt: true, tts: true },
    { id: "ta-IN", name: "Tamil", stt: true, tts: true },
  ],
  voices: [
    { id: "shubh", gender: "male", languages: ["en-IN"] },
    { id: "priya", gender: "female", languages: ["en-IN", "ta-IN"] },
  ],
  models: [
    { id: "kimi-k2.5-fast", name: "Fast", owned_by: "m", status: "maintenance" },
    { id: "sarvam-105b", name: "Sarvam", owned_by: "s", status: "available" },
  ],
};

describe("requestOf", () => {
  it("leaves out what was left blank, so that the API decides on it", () => {
    expect(requestOf({ ...FIRST_DRAFT, systemPrompt: "  " })).toEqual({
      language: "en-IN",
      voice: "shubh",
      llm_model: "kimi-k2.5",
    });
  });

  it("sends numbers as numbers", () => {
    const request = requestOf({ ...FIRST_DRAFT, durationS: "60", minDelayS: "0.3" });
    expect(request).toMatchObject({ max_duration_seconds: 60, min_endpointing_delay: 0.3 });
    expect(request).not.toHaveProperty("max_endpointing_delay");
  });

  it("sends prompt and greeting as they were written", () => {
    const request = requestOf({ ...FIRST_DRAFT, systemPrompt: "You are Asha.\n", greeting: "Hi" });
    expect(request).toMatchObject({ system_prompt: "You are Asha.\n", greeting: "Hi" });
  });
});

describe("fitted", () => {
  it("keeps what the catalog offers", () => {
    const draft = { ...FIRST_DRAFT, voice: "priya", model: "sarvam-105b" };
    expect(fitted(draft, CATALOG)).toEqual(draft);
  });

  it("replaces a voice that does not speak the language", () => {
    expect(fitted({ ...FIRST_DRAFT, language: "ta-IN" }, CATALOG).voice).toBe("priya");
  });

  it("replaces a model that cannot be used now", () => {
    expect(fitted({ ...FIRST_DRAFT, model: "kimi-k2.5-fast" }, CATALOG).model).toBe("sarvam-105b");
  });
});

describe("withinLimits", () => {
  it("counts characters as the API does, not UTF-16 units", () => {
    expect(withinLimits({ ...FIRST_DRAFT, systemPrompt: "😀".repeat(4096) })).toBe(true);
    expect(withinLimits({ ...FIRST_DRAFT, systemPrompt: "a".repeat(4097) })).toBe(false);
    expect(withinLimits({ ...FIRST_DRAFT, greeting: "a".repeat(501) })).toBe(false);
  });
});

describe("with a bot", () => {
  const bot = aBot({
    system_prompt: "You keep a shop.",
    config: { language: "hi-IN", greeting: "नमस्ते" },
  });

  it("speaks as the bot does and leaves its words to it", () => {
    const draft = { ...FIRST_DRAFT, systemPrompt: "Another.", voice: "priya", durationS: "60" };
    expect(requestOf(withBot(draft, bot, null))).toEqual({
      bot_id: "b1",
      language: "hi-IN",
      voice: "priya",
      llm_model: FIRST_DRAFT.model,
    });
  });

  it("names a version where another than the one that serves is wanted", () => {
    expect(requestOf(withBot(FIRST_DRAFT, bot, "draft"))).toMatchObject({ bot_version: "draft" });
    expect(requestOf(withBot(FIRST_DRAFT, bot, 3))).toMatchObject({ bot_version: 3 });
    expect(requestOf(withBot(FIRST_DRAFT, bot, null))).not.toHaveProperty("bot_version");
  });

  it("knows what it has taken over, until the bot is changed or let go of", () => {
    const taken = withBot(FIRST_DRAFT, bot, "draft");
    expect(isOf(taken, bot, "draft")).toBe(true);
    expect(isOf(taken, bot, null)).toBe(false);
    expect(isOf(taken, { ...bot, updated_at: "2026-11-26T12:05:00.000Z" }, "draft")).toBe(false);
    expect(withoutBot(taken)).toMatchObject({ botId: "", botVersion: null, language: "hi-IN" });
  });
});
