import { describe, expect, it } from "vitest";
import type { Key } from "../../api/keys";
import { changeOf, draftOf, isComplete, NEW_KEY, requestOf } from "./draft";

const NOW = new Date("2026-11-26T12:00:00Z");
const KEY: Key = {
  id: "k",
  name: "Shop",
  prefix: "cm_live_abcd",
  permissions: "llm,stt,tts",
  scopes: "usage:read",
  allowed_domains: "*",
  allowed_models: "*",
  rate_limit_rpm: null,
  budget_limit: 0,
  budget_used: 0,
  is_active: true,
  expires_at: "2026-12-01T08:15:42.123Z",
  last_used_at: null,
  created_at: "2026-11-01T00:00:00.000Z",
};

describe("a new key", () => {
  it("may do what a voice session needs and nothing more, unless the person says so", () => {
    expect(requestOf({ ...NEW_KEY, name: " Shop " }, NOW)).toEqual({
      name: "Shop",
      permissions: "stt,llm,tts",
      scopes: "",
      allowed_domains: "*",
      allowed_models: "*",
      rate_limit_rpm: null,
      budget_limit: null,
      expires_at: null,
    });
  });

  it("counts its days from now", () => {
    expect(requestOf({ ...NEW_KEY, expiry: "7" }, NOW).expires_at).toBe("2026-12-03T12:00:00.000Z");
  });

  it("tells a budget of nothing from no limit", () => {
    expect(requestOf({ ...NEW_KEY, budget: "0" }, NOW).budget_limit).toBe(0);
    expect(requestOf({ ...NEW_KEY, budget: " " }, NOW).budget_limit).toBeNull();
  });

  it("waits for a name, and for the date that was asked for", () => {
    expect(isComplete(NEW_KEY)).toBe(false);
    expect(isComplete({ ...NEW_KEY, name: "Shop", expiry: "date" })).toBe(false);
    expect(isComplete({ ...NEW_KEY, name: "Shop" })).toBe(true);
  });
});

describe("a changed key", () => {
  it("is left alone where nothing was changed, to the millisecond of its expiry", () => {
    expect(changeOf(KEY, draftOf(KEY), NOW)).toEqual({});
  });

  it("tells the API what was changed, and a limit that is gone as null", () => {
    const draft = { ...draftOf(KEY), everything: true, budget: "", expiry: "never" as const };
    expect(changeOf(KEY, { ...draft, active: false }, NOW)).toEqual({
      permissions: "*",
      budget_limit: null,
      expires_at: null,
      is_active: false,
    });
  });

  it("keeps a budget of nothing, which is no absent one", () => {
    expect(draftOf(KEY).budget).toBe("0");
  });
});
