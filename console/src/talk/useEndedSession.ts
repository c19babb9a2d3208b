import { useEffect, useState } from "react";
import type { ApiClient } from "../api/client";
import { ApiError } from "../api/error";
import { getSession, getTurns, hasEnded, type Session } from "../api/sessions";
import type { Turn } from "../api/turn";

/** A caller who dropped off may come back for some seconds, so the end can be late in the API. */
const PATIENCE_MS = 30_000;
const POLL_MS = 1_000;

export interface EndedSession {
  /** `null` until the API has answered once. */
  session: Session | null;
  /** `null` until the session's end, or until patience for it ran out. */
  turns: Turn[] | null;
  problem: ApiError | null;
}

const NOTHING_YET: EndedSession = { session: null, turns: null, problem: null };

/**
 * What the API holds of a conversation that is over, asked for until it says so too; only once of
 * a conversation that was never `joined`, which has no end to wait for.
 */
export function useEndedSession(api: ApiClient, id: string, joined: boolean): EndedSession {
  const [ended, setEnded] = useState(NOTHING_YET);
  useEffect(() => {
    const stopped = new AbortController();
    setEnded(NOTHING_YET);
    const deadline = performance.now() + (joined ? PATIENCE_MS : 0);
    void readToTheEnd({ api, id, deadline, signal: stopped.signal }, (part) => {
      if (!stopped.signal.aborted) setEnded((before) => ({ ...before, ...part }));
    });
    return () => stopped.abort();
  }, [api, id, joined]);
  return ended;
}

interface Reading {
  api: ApiClient;
  id: string;
  /** On the clock of `performance.now()`. */
  deadline: number;
  signal: AbortSignal;
}

async function readToTheEnd(
  { api, id, deadline, signal }: Reading,
  tell: (part: Partial<EndedSession>) => void,
): Promise<void> {
  try {
    let session = await getSession(api, id, signal);
    tell({ session });
    while (!hasEnded(session) && performance.now() < deadline) {
      await pause(POLL_MS, signal);
      session = await getSession(api, id, signal);
      tell({ session });
    }
    tell({ turns: await getTurns(api, id, signal) });
  } catch (error) {
    if (error instanceof ApiError) tell({ problem: error });
    else if (!signal.aborted) throw error;
  }
}

/** Rejects at once when `signal` stops it. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
