import { describe, expect, it } from "vitest";
import type { Bot } from "../api/bots";
import { draftOf, isComplete, NEW_BOT, requestOf } from "./draft";
import { headersOf, isObject, newTool } from "./toolDraft";

const BOT: Bot = {
  id: "b",
  name: "Front desk",
  system_prompt: "You answer for {{shop}}.",
  config: {
    voice: "shubh",
    max_duration_seconds: 600,
    end_call: false,
    idle_prompt_s: 0,
    variables: { shop: "Asha's" },
    tools: [
      {
        name: "find_order",
        description: "Where an order is.",
        parameters: { type: "object", properties: { number: { type: "string" } } },
        url: "https://shop.example/orders",
        headers: { Authorization: "***" },
        timeout_s: 8,
      },
    ],
  },
  is_active: true,
  updated_at: "2026-11-26T12:00:00.000Z",
  version: 1,
  has_unpublished_changes: false,
};

describe("a bot's form", () => {
  it("gives back what it was given, and takes away what was not set", () => {
    const { config, ...request } = requestOf(draftOf(BOT), BOT);
    expect(request).toEqual({ name: "Front desk", system_prompt: "You answer for {{shop}}." });
    const given = Object.entries(config).filter(([, value]) => value !== null);
    expect(Object.fromEntries(given)).toEqual(BOT.config);
    expect(config.language).toBeNull();
  });

  it("leaves an empty prompt to the default, unless there was one to take away", () => {
    expect(requestOf({ ...NEW_BOT, name: "x" }, null).system_prompt).toBeUndefined();
    expect(requestOf({ ...draftOf(BOT), prompt: "" }, BOT).system_prompt).toBe("");
  });

  it("drops lines of variables that got no name", () => {
    const variables = [{ id: "1", name: " ", value: "nobody" }];
    expect(requestOf({ ...NEW_BOT, variables }, null).config.variables).toBeNull();
  });

  it("waits for a name, a prompt that is not too long, and tools that are whole", () => {
    expect(isComplete(NEW_BOT)).toBe(false);
    expect(isComplete({ ...NEW_BOT, name: "x", prompt: "a".repeat(20_001) })).toBe(false);
    expect(isComplete({ ...NEW_BOT, name: "x", tools: [newTool()] })).toBe(false);
    expect(isComplete(draftOf(BOT))).toBe(true);
  });
});

describe("a tool's form", () => {
  it("reads a header a line, with colons in its value", () => {
    expect(headersOf("X-Shop: asha\n\nReferer: https://a.example")).toEqual({
      "X-Shop": "asha",
      Referer: "https://a.example",
    });
  });

  it.each(["no colon", ": no name", "X-Empty:"])("does not take a line for a header: %s", (line) =>
    expect(headersOf(line)).toBeNull(),
  );

  it("takes only an object for parameters, or nothing", () => {
    expect(["", '{"type": "object"}'].every(isObject)).toBe(true);
    expect(["[]", "null", "{", "5"].some(isObject)).toBe(false);
  });
});
