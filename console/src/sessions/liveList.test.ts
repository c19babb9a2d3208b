import { describe, expect, it } from "vitest";
import type { Session } from "../api/sessions";
import { aSession } from "../testing/aSession";
import { type Loaded, rowsOf, withSession } from "./liveList";

/** Created so many minutes after ten. */
const at = (minute: number, part: Partial<Session> = {}) =>
  aSession({ id: `s-${minute}`, created_at: `2026-11-26T10:0${minute}:00.000Z`, ...part });

const list = (total: number, ...parts: number[][]): Loaded => ({
  pages: parts.map((minutes) => ({ rows: minutes.map((minute) => at(minute)), total })),
  pageParams: parts.map(() => undefined),
});

const ids = (loaded: Loaded) => rowsOf(loaded).map(({ id }) => id);
const total = (loaded: Loaded) => loaded.pages[0]?.total;

describe("a list that is told of a change", () => {
  it("shows a new session first", () => {
    const after = withSession(list(3, [5, 4], [2]), at(6), true);
    expect(ids(after)).toEqual(["s-6", "s-5", "s-4", "s-2"]);
    expect(total(after)).toBe(4);
  });

  it("puts one that only now belongs there into its place", () => {
    expect(ids(withSession(list(3, [5, 4], [2]), at(3), true))).toEqual([
      "s-5",
      "s-4",
      "s-3",
      "s-2",
    ]);
  });

  it("changes a known row where it is", () => {
    const after = withSession(list(2, [5, 4]), at(4, { status: "active" }), true);
    expect(rowsOf(after).map(({ status }) => status)).toEqual(["created", "active"]);
    expect(total(after)).toBe(2);
  });

  it("drops one that is no longer looked for", () => {
    const after = withSession(list(9, [5, 4]), at(5, { status: "active" }), false);
    expect(ids(after)).toEqual(["s-4"]);
    expect(total(after)).toBe(8);
  });

  it("leaves what is further down to be read when it is reached", () => {
    const before = list(9, [5, 4]);
    expect(withSession(before, at(1), true)).toBe(before);
    expect(ids(withSession(list(2, [5, 4]), at(1), true))).toEqual(["s-5", "s-4", "s-1"]);
  });

  it("begins an empty list", () => {
    expect(ids(withSession(list(0, []), at(1), true))).toEqual(["s-1"]);
  });

  it("adds none of which it cannot know whether its words are looked for", () => {
    const before = list(1, [4]);
    expect(withSession(before, at(5), null)).toBe(before);
    const [row] = rowsOf(withSession(before, at(4, { status: "failed" }), null));
    expect(row?.status).toBe("failed");
  });
});

it("shows a session once that two parts hold", () => {
  expect(ids(list(4, [5, 4], [4, 3]))).toEqual(["s-5", "s-4", "s-3"]);
});
