import { describe, expect, it } from "vitest";
import { aSession } from "../testing/aSession";
import {
  countSet,
  type Filters,
  matches,
  NO_FILTERS,
  readFilters,
  toQuery,
  writeFilters,
} from "./filters";

const NOW = new Date("2026-11-26T12:00:00Z");
const some: Filters = {
  ...NO_FILTERS,
  status: "completed",
  llm_model: "kimi-k2.5",
  q: "शुक्रवार & opening",
  range: { span: "7d" },
};

describe("the filters in an address", () => {
  it("are read as they were written", () => {
    expect(readFilters(writeFilters(some))).toEqual(some);
    expect(countSet(some)).toBe(4);
  });

  it("are nothing where nothing is looked for", () => {
    expect(writeFilters(NO_FILTERS)).toBe("");
    expect(countSet(NO_FILTERS)).toBe(0);
  });

  it("stand up to an address written by hand", () => {
    expect(readFilters("?status=dead&range=ever&q=%20hi%20&token=x")).toEqual({
      ...NO_FILTERS,
      q: "hi",
    });
  });

  it("ask the API for moments", () => {
    expect(toQuery(some, NOW)).toMatchObject({
      status: "completed",
      created_from: "2026-11-19T12:00:00.000Z",
      created_to: "",
    });
  });
});

describe("the filters of what came of a session", () => {
  const wanted: Filters = {
    ...NO_FILTERS,
    bot_id: "b-1",
    bot_version: "draft",
    end_reason: "agent_closed",
    disposition: "booked",
    sentiment: "positive",
    goal_met: "false",
  };

  it("are read as they were written, a version with its bot alone", () => {
    expect(readFilters(writeFilters(wanted))).toEqual(wanted);
    expect(readFilters("?bot_version=draft").bot_version).toBe("");
    expect(readFilters("?bot_id=b-1&bot_version=0&sentiment=glad&goal_met=1")).toEqual({
      ...NO_FILTERS,
      bot_id: "b-1",
    });
  });

  it("know a session that has all of it", () => {
    const session = aSession({
      bot_id: "b-1",
      end_reason: "agent_closed",
      disposition: "booked",
      sentiment: "positive",
      goal_met: false,
    });
    const ran = { ...session, config: { ...session.config, bot_version: "draft" as const } };
    expect(matches(wanted, ran, NOW)).toBe(true);
    expect(matches(wanted, session, NOW)).toBe(false);
    expect(matches({ ...wanted, goal_met: "true" }, ran, NOW)).toBe(false);
  });
});

describe("whether a session that has changed is looked for", () => {
  const live = aSession({ status: "active", created_at: "2026-11-26T11:30:00.000Z" });

  it.each<[Partial<Filters>, boolean | null]>([
    [{}, true],
    [{ status: "active", voice: "shubh", language: "en-IN" }, true],
    [{ status: "completed" }, false],
    [{ bot_id: "some-bot" }, false],
    [{ range: { span: "1h" } }, true],
    [{ range: { from: "", to: "2026-11-26T11:30:00.000Z" } }, false],
    [{ q: "hours" }, null],
    [{ q: "hours", voice: "priya" }, false],
  ])("%o", (part, found) => {
    expect(matches({ ...NO_FILTERS, ...part }, live, NOW)).toBe(found);
  });
});
