import { expect, it } from "vitest";
import { type DiffLine, differenceOf } from "./difference";

const SIGNS = { kept: " ", removed: "-", added: "+" };
const shown = (lines: readonly DiffLine[] = []) =>
  lines.map((line) => (line.kind === "gap" ? `… ${line.count}` : SIGNS[line.kind] + line.text));

it("is nothing between two that say the same, in whatever order", () => {
  const one = { system_prompt: "Hello", config: { voice: "priya", language: "hi-IN" } };
  const same = { system_prompt: "Hello", config: { language: "hi-IN", voice: "priya" } };
  expect(differenceOf(one, same)).toEqual([]);
  const nothing = { system_prompt: "", config: {} };
  expect(differenceOf({ system_prompt: null, config: {} }, nothing)).toEqual([]);
});

it("shows the lines of a prompt that changed, and two around them", () => {
  const lines = ["You are Asha.", "Be kind.", "Be short.", "We open at nine.", "We close at five."];
  const after = [...lines.slice(0, 3), "We open at ten.", "Parking is free.", lines[4]];
  const [change] = differenceOf(
    { system_prompt: lines.join("\n"), config: {} },
    { system_prompt: after.join("\n"), config: {} },
  );
  expect(change?.field).toBe("system_prompt");
  expect(shown(change?.lines)).toEqual([
    "… 1",
    " Be kind.",
    " Be short.",
    "-We open at nine.",
    "+We open at ten.",
    "+Parking is free.",
    " We close at five.",
  ]);
});

it("keeps a line that both have between two that changed", () => {
  const [change] = differenceOf(
    { system_prompt: "a\nb\nc", config: {} },
    { system_prompt: "x\nb\ny", config: {} },
  );
  expect(shown(change?.lines)).toEqual(["-a", "+x", " b", "-c", "+y"]);
});

it("tells of fields that came, went and hold something else", () => {
  const before = { system_prompt: null, config: { voice: "priya", end_call: false } };
  const after = { system_prompt: null, config: { voice: "rahul", variables: { shop: "Asha" } } };
  const found = differenceOf(before, after).map(({ field, lines }) => [field, shown(lines)]);
  expect(found).toEqual([
    ["config.voice", ["-priya", "+rahul"]],
    ["config.end_call", ["-false"]],
    ["config.variables", ["+{", '+  "shop": "Asha"', "+}"]],
  ]);
});

it("takes a long text that has nothing in common for written anew", () => {
  const long = (word: string) =>
    Array.from({ length: 3_000 }, (_, line) => `${word} ${line}`).join("\n");
  const [change] = differenceOf(
    { system_prompt: long("old"), config: {} },
    { system_prompt: long("new"), config: {} },
  );
  expect(change?.lines).toHaveLength(6_000);
});
