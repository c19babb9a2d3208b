import { expect, it } from "vitest";
import { english } from "../../text/english";
import { labelOf } from "./labels";

it.each([
  ["postgres", "Postgres"],
  ["llm openrouter", "Language models at openrouter"],
  ["something new", "something new"],
])("calls %s %s", (name, label) => {
  expect(labelOf(name, english.doctor.names)).toBe(label);
});
