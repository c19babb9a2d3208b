import type { ApiClient } from "./client";
import { ApiError } from "./error";

/** One dependency of the server, as it was when it was asked. */
export interface Check {
  name: string;
  ok: boolean;
  version: string | null;
  latency_ms: number | null;
  /** What to do about it; `null` where all is well. */
  hint: string | null;
}

export interface Status {
  /** Whether a session has all that it needs: some dependencies it can do without. */
  ok: boolean;
  checked_at: string;
  checks: Check[];
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
