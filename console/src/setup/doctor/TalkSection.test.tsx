import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { answerWith, refusal } from "../../testing/answer";
import { renderSignedIn } from "../../testing/signedIn";
import { TalkSection } from "./TalkSection";

afterEach(cleanup);

const TALK = {
  ok: true,
  model: "kimi-k2.5 at openrouter",
  heard: "Can you hear me?",
  answer: "I can.",
  recognition_ms: 90,
  first_token_ms: 310,
  voice_ms: 120,
  total_ms: 560,
  punctuation: "end",
  quirks: ["it reasons before it answers"],
  advice: ["turn reasoning off"],
};

it("talks only when it is asked to, and shows each stage and what to do", async () => {
  const sent = answerWith(() => Response.json(TALK));
  renderSignedIn(<TalkSection />);
  expect(sent).toHaveLength(0);
  fireEvent.click(screen.getByRole("button", { name: "Talk once" }));
  expect(await screen.findByText("310 ms")).toBeDefined();
  expect(screen.getByText("only at the end")).toBeDefined();
  expect(screen.getByText("turn reasoning off")).toBeDefined();
  expect(sent.map(({ path, init }) => `${init.method} ${path}`)).toEqual([
    "POST /api/v1/status/talk",
  ]);
});

it("shows why there was no talk", async () => {
  answerWith(() => refusal(403, { message: "Not for agents.", code: "permission_denied" }));
  renderSignedIn(<TalkSection />);
  fireEvent.click(screen.getByRole("button", { name: "Talk once" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Not for agents.");
});
