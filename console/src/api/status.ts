import type { ApiClient } from "./client";
import type { Enum } from "./enums";
import { ApiError } from "./error";

/** One dependency of the server, as it was when it was asked. */
export interface Check {
  name: string;
  ok: boolean;
  version: string | null;
  latency_ms: number | null;
  /** What to do about it; `null` where all is well. */
  hint: string | null;
  /** A stand-in answers in the provider's place; not told by servers of before. */
  stand_in?: boolean;
}

/** A worker that was there just now. */
export interface Worker {
  host: string;
  active: number;
  capacity: number;
  /** It is being stopped and takes no more; not told by servers of before. */
  draining?: boolean;
}

export interface Status {
  /** Whether a session has all that it needs: some dependencies it can do without. */
  ok: boolean;
  checked_at: string;
  checks: Check[];
  /** `null` or absent where nobody can tell. */
  workers?: Worker[] | null;
}

/** One short conversation with the providers; a stage is `null` where it was not come to. */
export interface Talk {
  ok: boolean;
  model: string;
  heard: string | null;
  answer: string | null;
  recognition_ms: number | null;
  first_token_ms: number | null;
  voice_ms: number | null;
  total_ms: number | null;
  punctuation: Enum<"TalkedPunctuation"> | null;
  quirks: string[];
  advice: string[];
}

export function holdTalk(api: ApiClient): Promise<Talk> {
  return api.send("POST", "/api/v1/status/talk");
}

/** `null` from a server that has no such route. */
export async function getStatus(api: ApiClient, signal: AbortSignal): Promise<Status | null> {
  try {
    return await api.getJson<Status>("/api/v1/status", signal);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
