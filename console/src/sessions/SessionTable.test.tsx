import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Session } from "../api/sessions";
import { answerWith } from "../testing/answer";
import { aSession } from "../testing/aSession";
import { renderSignedIn } from "../testing/signedIn";
import { SessionTable } from "./SessionTable";

afterEach(cleanup);

const show = (sessions: readonly Session[]) =>
  renderSignedIn(
    <SessionTable sessions={sessions} total={sessions.length} onNearEnd={() => undefined} />,
  );

it("asks for no bots where no session has one", () => {
  const sent = answerWith(() => Response.json([]));
  show([aSession({ id: "s-1" })]);
  expect(sent).toEqual([]);
});

it("tells why each session ended, and with which bot it was held", async () => {
  // Rows are drawn for the height of a window, of which there is none here.
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(600);
  answerWith(() => Response.json([{ id: "b-1", name: "Front desk" }]));
  const sessions = [
    aSession({ id: "s-1", bot_id: "b-1", status: "completed", end_reason: "caller_hangup" }),
    aSession({ id: "s-2", bot_id: "0a1b2c3d-gone", status: "failed", end_reason: "struck" }),
  ];
  show(sessions);

  expect(await screen.findByText("Front desk")).toBeDefined();
  expect(screen.getByText("caller hung up")).toBeDefined();
  expect(screen.getByText("0a1b2c3d")).toBeDefined();
  expect(screen.getByText("struck")).toBeDefined();
});
