import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { answerWith } from "../testing/answer";
import { aSession } from "../testing/aSession";
import { renderSignedIn } from "../testing/signedIn";
import { useLiveSession } from "./useLiveSession";

afterEach(cleanup);

const back = (recoveries: number) => {
  const data = { status: "active", agent_state: "agent_back", recoveries };
  return `id: ${recoveries}\nevent: state\ndata: ${JSON.stringify(data)}\n\n`;
};

/** A stream that tells this and stays open. */
const telling = (text: string) =>
  new Response(
    new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode(text)) }),
  );

function Recoveries() {
  const { session, live } = useLiveSession("s-1");
  return (
    <p>
      {live.agentState} {session.data?.recoveries}
    </p>
  );
}

it.each([
  [undefined, "agent_back 2"],
  [3, "agent_back 3"],
])("counts recoveries from %s on as they are told, and never back", async (recoveries, shown) => {
  answerWith(({ path }) => {
    if (path.endsWith("/events")) return telling(back(1) + back(2));
    if (path.endsWith("/transcript")) return Response.json([]);
    return Response.json(aSession({ status: "active", ...(recoveries && { recoveries }) }));
  });
  renderSignedIn(<Recoveries />);
  expect(await screen.findByText(shown)).toBeTruthy();
});
