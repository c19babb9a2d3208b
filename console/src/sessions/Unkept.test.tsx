import { cleanup } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import type { Session } from "../api/sessions";
import { aSession } from "../testing/aSession";
import { renderSignedIn } from "../testing/signedIn";
import { Unkept } from "./Unkept";

afterEach(cleanup);

const shown = (part: Partial<Session>) =>
  renderSignedIn(<Unkept session={aSession(part)} />).container.textContent;

it("says when the words were erased", () => {
  expect(shown({ erased_at: "2026-11-26T10:05:00.000Z" })).toMatch(/was erased:.* 26/);
});

it("says that none were kept where that was wanted", () => {
  const { config } = aSession({});
  expect(shown({ config: { ...config, store_transcript: false } })).toContain("was not kept");
});

it("says nothing of a session whose words are there", () => {
  expect(shown({})).toBe("");
});
