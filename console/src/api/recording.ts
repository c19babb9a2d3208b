import type { ApiClient } from "./client";
import { ApiError } from "./error";
import { SESSIONS } from "./sessions";

/** An hour's recording, 21 MB, comes in it at 1.4 Mbit/s. */
const TIMEOUT_MS = 120_000;

interface Link {
  /** Good for some minutes, without a credential. */
  url: string;
}

/**
 * The recording itself, caller on the left, agent on the right, from the session's start; 404 where
 * there is none, or none yet. It is fetched whole: its link would end while somebody listens.
 */
export async function getRecording(api: ApiClient, id: string, signal: AbortSignal): Promise<Blob> {
  const { url } = await api.getJson<Link>(`${SESSIONS}/${id}/recording`, signal);
  const either = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const response = await fetch(url, { signal: either });
    if (response.ok) return await response.blob();
  } catch {
    signal.throwIfAborted();
  }
  throw new ApiError({
    status: 0,
    code: "recording_unreachable",
    message: "The recording could not be fetched from where it is kept.",
  });
}
