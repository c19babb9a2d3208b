import { act, cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Analysis as Found } from "../api/sessions";
import { answerWith } from "../testing/answer";
import { aSession } from "../testing/aSession";
import { renderSignedIn } from "../testing/signedIn";
import { Analysis } from "./Analysis";
import { useLiveSession } from "./useLiveSession";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const PENDING: Found = {
  status: "pending",
  error: null,
  summary: null,
  extracted: null,
  model: null,
};
const READY: Found = {
  ...PENDING,
  status: "ready",
  summary: "They want a table.",
  extracted: { guests: 4, day: "sunday" },
  model: "kimi-k2.5",
};

function Shown() {
  const { data: session } = useLiveSession("s-1").session;
  return session?.analysis ? <Analysis session={session} of={session.analysis} /> : null;
}

/** A page of a session whose analysis is these, one each time that it is asked for. */
async function show(...found: Found[]) {
  const sent = answerWith(({ path }) => {
    if (!path.endsWith("/s-1")) return Response.json([]);
    const analysis = found.length > 1 ? found.shift() : found[0];
    return Response.json(aSession({ id: "s-1", status: "completed", goal_met: true, analysis }));
  });
  renderSignedIn(<Shown />);
  await act(() => vi.advanceTimersByTimeAsync(100));
  return () => sent.filter(({ path }) => path.endsWith("/s-1")).length;
}

it("tells what was found, with the fields that the bot asks for", async () => {
  await show(READY);
  screen.getByText("They want a table.");
  expect(screen.getByText("guests").nextSibling?.textContent).toBe("4");
  expect(screen.getByText("day").nextSibling?.textContent).toBe("sunday");
  screen.getByText("goal met");
  screen.getByText("By kimi-k2.5");
});

it("says why nothing was found", async () => {
  await show({ ...PENDING, status: "failed", error: "answer_unfit", model: "kimi-k2.5" });
  screen.getByText(/did not fit what the bot asks for/);
  expect(screen.queryByText("goal met")).toBeNull();
});

it("waits for one that is on its way, and then asks no more", async () => {
  const asked = await show(PENDING, PENDING, READY);
  expect(screen.getByRole("status").textContent).toContain("looking through");
  await act(() => vi.advanceTimersByTimeAsync(4_500));
  screen.getByText("They want a table.");
  const so = asked();
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  expect(asked()).toBe(so);
});
