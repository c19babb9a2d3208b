import { expect, it } from "vitest";
import { aSession } from "../testing/aSession";
import { aTurn } from "../testing/aTurn";
import {
  type Live,
  NOTHING_LIVE,
  readEvent,
  type SessionEvent,
  type Spoken,
  withEvent,
} from "./live";

const told = (...events: SessionEvent[]) => events.reduce<Live>(withEvent, NOTHING_LIVE);
const spoken = (role: Spoken["role"], text: string, turn_index = 1): SessionEvent => ({
  name: "transcript",
  data: { role, text, final: false, turn_index },
});

it("puts longer words in the place of those that grew into them", () => {
  const live = told(
    spoken("agent", "We are"),
    spoken("user", "When are"),
    spoken("agent", "We are open"),
    spoken("user", "When are you open?"),
  );
  expect(live.spoken.map(({ text }) => text)).toEqual(["When are you open?", "We are open"]);
});

it("leaves the words to the transcript once the turn is stored", () => {
  const live = told(spoken("agent", "Hello.", 1), spoken("user", "And on Sunday?", 2), {
    name: "turn",
    data: aTurn({ turn_index: 1 }),
  });
  expect(live.spoken.map(({ turn_index }) => turn_index)).toEqual([2]);
});

it("follows the agent's state up to the end", () => {
  const speaking: SessionEvent = {
    name: "state",
    data: { status: "active", agent_state: "speaking" },
  };
  expect(told(speaking).agentState).toBe("speaking");
  expect(told(speaking, { name: "end", data: aSession() })).toEqual(NOTHING_LIVE);
});

it("passes over events that it does not know", () => {
  expect(readEvent({ id: "1", name: "weather", data: "{}" })).toBeNull();
  expect(readEvent({ id: "1", name: "state", data: '{"agent_state":"idle"}' })?.name).toBe("state");
});
