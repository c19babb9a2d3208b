import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { Player } from "../recording/player";
import { aTurn } from "../testing/aTurn";
import { FakeSound } from "../testing/fakeSound";
import { Exchanges } from "./Exchanges";

afterEach(cleanup);

const GREETING = aTurn({
  turn_index: 0,
  user_transcript: "",
  agent_response: "Good morning.",
  started_at_ms: 0,
  ended_at_ms: 2_000,
});
const ANSWER = aTurn({
  turn_index: 1,
  user_transcript: "Are you open?",
  agent_response: "At nine.",
  started_at_ms: 4_000,
  speech_ended_at_ms: 5_000,
  first_audio_ms: 500,
  ended_at_ms: 6_500,
});
/** It was cut off before any of it was measured. */
const UNHEARD = aTurn({ turn_index: 2, user_transcript: "Hm?", agent_response: "" });
const LAST = { ...ANSWER, turn_index: 3, started_at_ms: 8_000, speech_ended_at_ms: 9_000 };

function show() {
  const player = new Player(new FakeSound());
  const nothing = () => undefined;
  render(
    <Exchanges
      turns={[GREETING, ANSWER, UNHEARD, LAST]}
      spoken={[]}
      running={false}
      player={player}
      chosen={null}
      onChoose={nothing}
      onHear={nothing}
    />,
  );
  return player;
}

const stops = () =>
  [...document.querySelectorAll(".heard-word[tabindex='0']")].map(({ textContent }) => textContent);
/** The words that the keyboard comes to, one key after the other. */
const ledBy = (...keys: string[]) =>
  keys.map((key) => {
    fireEvent.keyDown(document.activeElement ?? document.body, { key });
    return document.activeElement?.textContent;
  });
const start = (word: string) => screen.getAllByRole("button", { name: word })[0]?.focus();

it("has one word of each turn among the stops of the keyboard, and as a button", () => {
  show();
  expect(stops()).toEqual(["Good", "Are", "Are"]);
  expect(screen.queryByRole("button", { name: "open?" })).toBeNull();
});

it("goes through a turn's words, the agent's after the caller's, and no further than its ends", () => {
  show();
  start("Are");
  const led = ledBy("ArrowRight", "ArrowRight", "ArrowRight", "End", "ArrowRight", "ArrowLeft");
  expect(led).toEqual(["you", "open?", "At", "nine.", "nine.", "At"]);
  expect(ledBy("Home", "ArrowLeft")).toEqual(["Are", "Are"]);
  ledBy("End");
  expect(stops()).toEqual(["Good", "nine.", "Are"]);
  expect(document.activeElement?.getAttribute("role")).toBe("button");
});

it("goes to the turn above and below that can be heard, to where it was left", () => {
  show();
  start("Good");
  expect(ledBy("ArrowUp", "ArrowDown", "ArrowRight")).toEqual(["Good", "Are", "you"]);
  expect(ledBy("ArrowUp", "ArrowDown", "ArrowDown", "ArrowDown")).toEqual([
    "Good",
    "you",
    "Are",
    "Are",
  ]);
});

it.each(["Enter", " "])("plays from a word by the key %j", (key) => {
  const player = show();
  start("Are");
  ledBy("End", key);
  expect([player.isPlaying, player.atMs]).toEqual([true, 5_875]);
});

it("goes on by key from the word that was clicked", () => {
  const player = show();
  fireEvent.click(screen.getAllByText("open?")[0] ?? document.body);
  expect([player.isPlaying, stops()[1]]).toEqual([true, "open?"]);
});

it("leaves the browser its own keys", () => {
  show();
  start("Are");
  const word = document.activeElement ?? document.body;
  expect(fireEvent.keyDown(word, { key: "ArrowLeft", altKey: true })).toBe(true);
  expect(fireEvent.keyDown(word, { key: "Tab" })).toBe(true);
  expect(fireEvent.keyDown(word, { key: " " })).toBe(false);
});
