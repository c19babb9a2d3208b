import { expect, it } from "vitest";
import { aBot } from "../testing/aBot";
import { FIRST_DRAFT, requestOf } from "./draft";
import { wantedVariables } from "./variables";

const BOT = aBot({
  system_prompt: "You answer for {{shop}} in {{ city }}.",
  config: { greeting: "Welcome to {{shop}}!", variables: { shop: "Asha’s", unused: "x" } },
});

it("asks for what the bot's texts want, with the values that the bot has", () => {
  expect(wantedVariables(FIRST_DRAFT, BOT)).toEqual([
    { name: "shop", value: "Asha’s" },
    { name: "city", value: null },
  ]);
});

it("asks for what is written here in the place of the bot's texts", () => {
  const draft = { ...FIRST_DRAFT, systemPrompt: "Sell {{fruit}}.", greeting: "Hello" };
  expect(wantedVariables(draft, BOT)).toEqual([{ name: "fruit", value: null }]);
  expect(wantedVariables(draft, undefined)).toEqual([{ name: "fruit", value: null }]);
});

it("sends the values that were given, and leaves the others to the bot", () => {
  const draft = { ...FIRST_DRAFT, variables: { shop: "", city: "Pune" } };
  expect(requestOf(draft).variables).toEqual({ city: "Pune" });
  expect(requestOf(FIRST_DRAFT)).not.toHaveProperty("variables");
});
