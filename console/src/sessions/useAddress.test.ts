import { cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { addressOf, useAddress } from "./useAddress";

afterEach(() => {
  cleanup();
  history.replaceState(null, "", "/");
});

const read = (search: string) => {
  history.replaceState(null, "", `/console/sessions/s-1${search}`);
  return renderHook(useAddress).result;
};

it.each([
  ["", { turn: null, atMs: null }],
  ["?turn=0", { turn: 0, atMs: null }],
  ["?turn=3&at=41200", { turn: 3, atMs: 41_200 }],
  ["?turn=-1&at=1e9", { turn: null, atMs: null }],
  ["?turn=<b>&at=999999999", { turn: null, atMs: null }],
])("reads what an address names, as if somebody had written it by hand: %s", (search, named) => {
  expect(read(search).current[0]).toEqual(named);
});

it("says which moment was shared, and nothing else of the address", () => {
  const page = "https://vaarta.example/console/sessions/s-1?turn=9&x=1";
  expect(addressOf(page, { turn: 3, atMs: 41_200 })).toBe(
    "https://vaarta.example/console/sessions/s-1?turn=3&at=41200",
  );
  expect(addressOf(page, { turn: null, atMs: 0 })).toBe(
    "https://vaarta.example/console/sessions/s-1?at=0",
  );
});
