import type { ApiClient, Bytes } from "./client";
import { ApiError } from "./error";
import { createEventParser, type StreamEvent } from "./sse";

/** The API says something every 15 s; a stream that is silent for this long is broken. */
const SILENCE_MS = 40_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** `over`: the stream has said its last, and nobody needs to come back. */
export type Connection = "connecting" | "live" | "waiting" | "over";

export interface Follower {
  signal: AbortSignal;
  onEvent: (event: StreamEvent) => void;
  onConnection: (connection: Connection) => void;
  /** Whether nothing comes after this event. */
  isLast?: (event: StreamEvent) => boolean;
}

/**
 * Follows a stream of the API and comes back to it whenever it breaks, from where it broke. Throws
 * the `ApiError` of a refusal, which trying again would not change.
 */
export async function follow(api: ApiClient, path: string, follower: Follower): Promise<void> {
  const { signal, onConnection } = follower;
  const place: Place = { lastId: null, failures: 0 };
  while (!signal.aborted) {
    onConnection("connecting");
    if (await isReadToTheEnd(api, path, follower, place)) return onConnection("over");
    if (signal.aborted) return;
    onConnection("waiting");
    await pause(waitMs(place.failures, Math.random()), signal);
  }
}

interface Place {
  lastId: string | null;
  /** Since the last event. */
  failures: number;
}

async function isReadToTheEnd(
  api: ApiClient,
  path: string,
  { signal, onEvent, onConnection, isLast }: Follower,
  place: Place,
): Promise<boolean> {
  const silence = new Silence();
  try {
    const either = AbortSignal.any([signal, silence.signal]);
    const stream = await api.openStream(path, place.lastId, either);
    if (stream === null) return true;
    onConnection("live");
    for await (const event of eventsOf(stream, silence)) {
      place.failures = 0;
      place.lastId = event.id ?? place.lastId;
      onEvent(event);
      if (isLast?.(event)) return true;
    }
  } catch (error) {
    if (error instanceof ApiError && isRefusal(error)) throw error;
  } finally {
    silence.end();
  }
  place.failures += 1;
  return false;
}

async function* eventsOf(stream: Bytes, silence: Silence): AsyncGenerator<StreamEvent> {
  const read = createEventParser();
  const text = new TextDecoder();
  const reader = stream.getReader();
  try {
    while (true) {
      silence.begin();
      const { done, value } = await reader.read();
      if (done) return;
      yield* read(text.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Aborts when nothing was heard for too long. */
class Silence {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  begin(): void {
    this.end();
    this.#timer = setTimeout(() => this.#controller.abort(), SILENCE_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function isRefusal({ status }: ApiError): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

/** Doubles with each failure; `random` (0 to 1) spreads those who were cut off together. */
export function waitMs(failures: number, random: number): number {
  const doubled = FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1);
  return Math.min(LONGEST_WAIT_MS, doubled) * (0.75 + random / 2);
}

/** Ends early when the browser is online again, or when `signal` says so. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      window.removeEventListener("online", over);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    window.addEventListener("online", over);
    signal.addEventListener("abort", over);
  });
}
