import { describe, expect, it } from "vitest";
import { aTurn } from "../testing/aTurn";
import { type Line, shownLines, withSegments, withTyped } from "./lines";

const partial = (id: string, text: string) => ({ id, text, final: false });
const final = (id: string, text: string) => ({ id, text, final: true });
const texts = (lines: readonly Line[]) => lines.map((line) => `${line.speaker}: ${line.text}`);

describe("withSegments", () => {
  it("lets a partial grow in its place and settle as its final", () => {
    let lines = withSegments([], [partial("s1", "what are")], "you");
    lines = withSegments(lines, [partial("s1", "what are your")], "you");
    expect(lines).toMatchObject([{ text: "what are your", final: false }]);
    lines = withSegments(lines, [final("s1", "What are your hours?")], "you");
    expect(lines).toMatchObject([{ text: "What are your hours?", final: true }]);
  });

  it("keeps the order in which utterances began, whatever is told first", () => {
    let lines = withSegments([], [partial("you-1", "do you")], "you");
    lines = withSegments(lines, [final("agent-1", "Yes.")], "agent");
    lines = withSegments(lines, [final("you-1", "Do you?")], "you");
    expect(texts(lines)).toEqual(["you: Do you?", "agent: Yes."]);
  });

  it("cuts an interrupted reply to what was heard, under the same segment id", () => {
    let lines = withSegments([], [final("a1", "We are open from nine to two.")], "agent");
    lines = withSegments(lines, [final("a1", "We are open")], "agent");
    expect(texts(lines)).toEqual(["agent: We are open"]);
  });

  it("does not let a late partial undo a final", () => {
    let lines = withSegments([], [final("s1", "Hello there.")], "you");
    lines = withSegments(lines, [partial("s1", "hello")], "you");
    expect(lines).toMatchObject([{ text: "Hello there.", final: true }]);
  });

  it("takes words of a participant unknown to the room as the agent's", () => {
    expect(texts(withSegments([], [final("a1", "Namaste.")], null))).toEqual(["agent: Namaste."]);
  });

  it("keeps the speaker of a known line when the participant is gone", () => {
    const lines = withSegments([], [partial("s1", "bye")], "you");
    expect(texts(withSegments(lines, [final("s1", "Bye.")], null))).toEqual(["you: Bye."]);
  });

  it("takes several segments of one message", () => {
    const lines = withSegments([], [final("a1", "One."), partial("a2", "Two")], "agent");
    expect(texts(lines)).toEqual(["agent: One.", "agent: Two"]);
  });

  it("leaves the lines that it was given as they were", () => {
    const before = withSegments([], [partial("s1", "one")], "you");
    withSegments(before, [final("s1", "One.")], "you");
    expect(before).toMatchObject([{ text: "one", final: false }]);
  });
});

describe("withTyped", () => {
  it("is replaced by the agent's own telling of the same text", () => {
    let lines = withTyped([], "typed-1", "Are you open?");
    lines = withSegments(lines, [final("s9", "Are you open?")], "you");
    expect(lines).toEqual([
      { id: "s9", speaker: "you", text: "Are you open?", final: true, echo: false },
    ]);
  });

  it("stays beside other speech and beside the agent's repeating of it", () => {
    let lines = withTyped([], "typed-1", "Yes");
    lines = withSegments(lines, [final("s1", "Something else")], "you");
    lines = withSegments(lines, [final("a1", "Yes")], "agent");
    expect(texts(lines)).toEqual(["you: Yes", "you: Something else", "agent: Yes"]);
  });
});

describe("shownLines", () => {
  it("marks the reply that a turn calls interrupted, and no other", () => {
    const lines = withSegments([], [final("a1", "Hello."), final("a2", "We are open")], "agent");
    const turns = [
      aTurn({ turn_index: 1, agent_response: "Hello." }),
      aTurn({ turn_index: 2, agent_response: "We are open ", interrupted: true }),
    ];
    expect(shownLines(lines, turns).map((line) => line.interrupted)).toEqual([false, true]);
  });

  it("leaves out a reply of which nothing was heard", () => {
    const lines = withSegments([], [partial("a1", "Well"), final("a1", " ")], "agent");
    expect(shownLines(lines, [aTurn({ interrupted: true })])).toEqual([]);
  });
});
