import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApiClient } from "../api/client";
import { answerWith, refusal } from "../testing/answer";
import { aTurn } from "../testing/aTurn";
import { useEndedSession } from "./useEndedSession";

const API = createApiClient("key");

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** The session is closed in the API after so many looks at it. */
function closesAfter(looks: number) {
  let seen = 0;
  return answerWith(({ path }) => {
    if (path.endsWith("/transcript")) return Response.json([aTurn({})]);
    seen += 1;
    return Response.json({ id: "s-1", status: seen > looks ? "completed" : "active" });
  });
}

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));
const show = (joined: boolean) => renderHook(() => useEndedSession(API, "s-1", joined)).result;

describe("useEndedSession", () => {
  it("waits for the API to close the session, then reads the turns", async () => {
    closesAfter(2);
    const result = show(true);
    await pass(1_000);
    expect(result.current).toMatchObject({ session: { status: "active" }, turns: null });
    await pass(1_000);
    expect(result.current).toMatchObject({
      session: { status: "completed" },
      turns: [{ turn_index: 1 }],
    });
  });

  it("loses patience with a session that never closes and shows what there is", async () => {
    closesAfter(Number.POSITIVE_INFINITY);
    const result = show(true);
    await pass(31_000);
    expect(result.current).toMatchObject({ session: { status: "active" }, turns: [{}] });
  });

  it("does not wait for the end of a conversation that never began", async () => {
    const sent = closesAfter(Number.POSITIVE_INFINITY);
    const result = show(false);
    await pass(0);
    expect(result.current.turns).not.toBeNull();
    expect(sent).toHaveLength(2);
  });

  it("shows what the API refuses", async () => {
    answerWith(() => refusal(404, { message: "Unknown session", code: "not_found" }));
    const result = show(true);
    await pass(0);
    expect(result.current.problem).toMatchObject({ code: "not_found" });
  });

  it("asks no more once it is no longer shown", async () => {
    const sent = closesAfter(Number.POSITIVE_INFINITY);
    const { unmount } = renderHook(() => useEndedSession(API, "s-1", true));
    await pass(0);
    unmount();
    await pass(5_000);
    expect(sent).toHaveLength(1);
  });
});
