import { expect, it } from "vitest";
import { aSession } from "../testing/aSession";
import { english } from "../text/english";
import { hindi } from "../text/hindi";
import { summary } from "./summary";

const ended = aSession({ status: "completed", end_reason: "caller_hangup" });

it("says how a session ended, in the API's word where there is no other", () => {
  expect(summary(english, ended)).toBe("The caller hung up.");
  expect(summary(english, aSession({ status: "failed", end_reason: "struck" }))).toBe("struck");
});

it("tells of workers that had to take a session over, and only of those", () => {
  const once = { ...ended, recoveries: 1 };
  expect(summary(english, once)).toBe("The caller hung up. Taken over by another worker once.");
  const running = aSession({ status: "active", recoveries: 2 });
  expect(summary(english, running)).toContain("Taken over by another worker 2 times.");
  expect(summary(hindi, running)).toContain("2 बार");
});
