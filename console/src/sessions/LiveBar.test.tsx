import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { answerWith } from "../testing/answer";
import { aSession } from "../testing/aSession";
import { renderSignedIn } from "../testing/signedIn";
import { LiveBar } from "./LiveBar";

afterEach(cleanup);

it.each([
  ["agent_away", "Reconnecting the agent…"],
  ["agent_back", "The agent is back."],
  ["speaking", "The agent is speaking."],
  ["some_day", "The conversation is under way."],
])("tells in words what the agent does: %s", (agentState, words) => {
  answerWith(() => Response.json({}));
  const stream = { connection: "live", problem: null } as const;
  const session = aSession({ status: "active" });
  renderSignedIn(<LiveBar session={session} agentState={agentState} stream={stream} />);
  expect(screen.getByText(words)).toBeTruthy();
});
