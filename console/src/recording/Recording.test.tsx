import { act, cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Session } from "../api/sessions";
import { answerWith, refusal } from "../testing/answer";
import { aSession } from "../testing/aSession";
import { renderSignedIn } from "../testing/signedIn";
import { Recording } from "./Recording";
import { useRecording } from "./useRecording";

const ENDED_AT = "2026-11-26T10:05:00.000Z";
const LINK = "https://bucket.example/calls/s-1.ogg?signature=1";

beforeEach(() => vi.useFakeTimers({ now: Date.parse(ENDED_AT) }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const config = { language: "en-IN", voice: "shubh", llm_model: "kimi-k2.5", record: true };
const recorded = aSession({ config, status: "completed", ended_at: ENDED_AT });
const none = () => refusal(404, { code: "not_found", message: "There is no such recording." });
const link = () => Response.json({ url: LINK });
const sound = () => new Response(new Blob(["OggS"], { type: "audio/ogg" }));

function Shown({ session }: { session: Session }) {
  const recording = useRecording(session);
  return <Recording recording={recording} lengthMs={60_000} onShare={() => undefined} />;
}

/** What is shown once so long has gone by. */
async function shownAfter(session: Session, milliseconds: number): Promise<string | null> {
  const { container } = renderSignedIn(<Shown session={session} />);
  await act(() => vi.advanceTimersByTimeAsync(milliseconds));
  return container.textContent;
}

it.each([
  ["was not recorded", aSession({ status: "completed", ended_at: ENDED_AT })],
  ["goes on", aSession({ config, status: "active" })],
])("asks for nothing of a session that %s", async (_, session) => {
  const sent = answerWith(none);
  await shownAfter(session, 1_000);
  expect(sent).toEqual([]);
});

it("fetches what the link leads to without the credential, and offers to play it", async () => {
  const sent = answerWith(({ path }) => (path === LINK ? sound() : link()));
  await shownAfter(recorded, 1_000);
  expect(screen.getByRole("button", { name: "Play" })).toBeTruthy();
  expect(sent.map(({ path }) => path)).toEqual([
    `/v1/voice/sessions/${recorded.id}/recording`,
    LINK,
  ]);
  expect(sent[1]?.init.headers).toBeUndefined();
});

it("waits for a recording that is still on its way, with a new link each time", async () => {
  let asked = 0;
  answerWith(({ path }) => {
    if (path === LINK) return sound();
    asked += 1;
    return asked < 4 ? none() : link();
  });
  expect(await shownAfter(recorded, 4_000)).toContain("on its way");
  await act(() => vi.advanceTimersByTimeAsync(6_000));
  expect(screen.getByRole("button", { name: "Play" })).toBeTruthy();
});

it("says that there is none, at once where the session ended long ago", async () => {
  const sent = answerWith(none);
  const old = { ...recorded, ended_at: "2026-11-20T10:00:00.000Z" };
  expect(await shownAfter(old, 1_000)).toContain("its recording is not here");
  expect(sent).toHaveLength(1);
});

it("tells where the store could not be reached, and lets one try again", async () => {
  answerWith(({ path }) => (path === LINK ? Promise.reject(new TypeError("CORS")) : link()));
  expect(await shownAfter(recorded, 20_000)).toContain("CORS rules have to let this page");
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});
