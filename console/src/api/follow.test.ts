import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerWith, refusal } from "../testing/answer";
import { createApiClient } from "./client";
import { type Connection, follow, waitMs } from "./follow";
import type { StreamEvent } from "./sse";

const told: StreamEvent[] = [];
const connections: Connection[] = [];
let stopped: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  connections.length = 0;
  stopped = new AbortController();
});
afterEach(() => {
  stopped.abort();
  vi.useRealTimers();
});

const start = () =>
  follow(createApiClient("key"), "/v1/stream", {
    signal: stopped.signal,
    onEvent: (event) => told.push(event),
    onConnection: (connection) => connections.push(connection),
    isLast: ({ name }) => name === "end",
  });

const event = (id: number, name: string) => `id: ${id}\nevent: ${name}\ndata: {}\n\n`;

describe("following a stream", () => {
  it("comes back to where it broke, and leaves once it has had the end", async () => {
    const sent = answerWith(
      () => new Response(sent.length === 1 ? event(1, "state") : event(2, "end")),
    );
    const followed = start();
    await vi.advanceTimersByTimeAsync(2_000);
    await followed;
    expect(told.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(connections).toEqual(["connecting", "live", "waiting", "connecting", "live", "over"]);
    expect(sent[0]?.init.headers).toEqual({ Authorization: "Bearer key" });
    expect(sent[1]?.init.headers).toEqual({ Authorization: "Bearer key", "Last-Event-ID": "1" });
  });

  it("does not come back to one that has nothing more to say", async () => {
    answerWith(() => new Response(null, { status: 204 }));
    await start();
    expect(connections).toEqual(["connecting", "over"]);
  });

  it("tries an API that is away again and again", async () => {
    const sent = answerWith(() => Promise.reject(new TypeError("fetch failed")));
    void start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.length).toBeGreaterThan(2);
    expect(connections.at(-1)).toBe("waiting");
  });

  it("takes a refusal for one", async () => {
    answerWith(() => refusal(404, { message: "No such session", code: "not_found" }));
    await expect(start()).rejects.toMatchObject({ status: 404 });
  });

  it("leaves a stream that has fallen silent", async () => {
    const sent = answerWith(
      ({ init }) =>
        new Response(
          new ReadableStream({
            start: (controller) =>
              init.signal?.addEventListener("abort", () => controller.error(init.signal?.reason)),
          }),
        ),
    );
    void start();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(sent.length).toBe(2);
  });
});

it("waits longer with each failure, up to half a minute", () => {
  expect([1, 2, 3, 9].map((failures) => waitMs(failures, 0.5))).toEqual([
    1_000, 2_000, 4_000, 30_000,
  ]);
});
