import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { remembered, useRemembered } from "./remembered";

const COLOUR = { key: "colour", choices: ["red", "blue"], first: () => "red" } as const;

beforeEach(() => localStorage.clear());

it("keeps a choice for the next visit", () => {
  remembered(COLOUR).choose("blue");
  expect(remembered(COLOUR).read()).toBe("blue");
});

it("takes a kept word that is no choice any more for none", () => {
  localStorage.setItem("colour", "mauve");
  expect(remembered(COLOUR).read()).toBe("red");
});

it("tells whoever shows the choice", () => {
  const colour = remembered(COLOUR);
  const { result } = renderHook(() => useRemembered(colour));
  act(() => colour.choose("blue"));
  expect(result.current).toBe("blue");
});
