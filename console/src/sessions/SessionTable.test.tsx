import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Session } from "../api/sessions";
import { aBot } from "../testing/aBot";
import { answerWith } from "../testing/answer";
import { aSession } from "../testing/aSession";
import { renderSignedIn } from "../testing/signedIn";
import { SessionTable } from "./SessionTable";

afterEach(cleanup);

const show = (sessions: readonly Session[]) =>
  renderSignedIn(
    <SessionTable sessions={sessions} total={sessions.length} onNearEnd={() => undefined} />,
  );

it("tells the version that ran, the first sound, the cost and what came of it", async () => {
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(600);
  answerWith(() => Response.json([aBot({ id: "b-1" })]));
  const session = aSession({
    bot_id: "b-1",
    first_audio_ms: 640,
    credits: 1.2345,
    disposition: "booked",
    sentiment: "negative",
    goal_met: false,
  });
  show([{ ...session, config: { ...session.config, bot_version: 3 } }]);

  expect(await screen.findByTitle("Front desk v3")).toBeDefined();
  expect(screen.getAllByText("640 ms")).toHaveLength(2);
  for (const told of ["1.23", "booked", "negative", "goal not met"]) screen.getByText(told);
  expect(screen.getByRole("columnheader", { name: "Outcome" })).toBeDefined();
});

it("leaves out what came of sessions where none was analysed", () => {
  answerWith(() => Response.json([]));
  show([aSession()]);
  expect(screen.queryByRole("columnheader", { name: "Outcome" })).toBeNull();
});

it("asks for no bots where no session has one", () => {
  const sent = answerWith(() => Response.json([]));
  show([aSession({ id: "s-1" })]);
  expect(sent).toEqual([]);
});

it("tells why each session ended, and with which bot it was held", async () => {
  // Rows are drawn for the height of a window, of which there is none here.
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(600);
  answerWith(() => Response.json([aBot({ id: "b-1" })]));
  const sessions = [
    aSession({ id: "s-1", bot_id: "b-1", status: "completed", end_reason: "caller_hangup" }),
    aSession({ id: "s-2", bot_id: "0a1b2c3d-gone", status: "failed", end_reason: "struck" }),
  ];
  show(sessions);

  // Once in a column of its own, once where a phone has no room for that.
  const told = ["Front desk", "caller hung up", "0a1b2c3d", "struck"];
  for (const words of told) expect(await screen.findAllByText(words)).toHaveLength(2);
});
