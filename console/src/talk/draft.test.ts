import { describe, expect, it } from "vitest";
import type { Bot } from "../api/bots";
import type { Catalog } from "../api/catalog";
import { FIRST_DRAFT, fitted, requestOf, withBot, withinLimits } from "./draft";

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
  const bot: Bot = {
    id: "b",
    name: "Front desk",
    system_prompt: "You keep a shop.",
    config: { language: "hi-IN", greeting: "नमस्ते" },
    is_active: true,
    updated_at: "2026-11-26T12:00:00.000Z",
    version: 1,
    has_unpublished_changes: false,
  };

  it("speaks as the bot does and leaves its words to it", () => {
    const draft = { ...FIRST_DRAFT, systemPrompt: "Another.", voice: "priya", durationS: "60" };
    expect(requestOf(withBot(draft, bot))).toEqual({
      bot_id: "b",
      language: "hi-IN",
      voice: "priya",
      llm_model: FIRST_DRAFT.model,
    });
  });
});
