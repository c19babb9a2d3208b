import { ApiError, errorFromResponse } from "./error";

/** No call of this page may hang: a create that takes this long has failed. */
const TIMEOUT_MS = 15_000;

/** Speaks to the API on the page's own origin, with one API key or JWT. */
export interface ApiClient {
  get(path: string, signal?: AbortSignal): Promise<Response>;
  post(path: string, body: unknown, signal?: AbortSignal): Promise<Response>;
}

/** Both calls throw `ApiError`, and a caller's own abort as the `AbortError` that it is. */
export function createApiClient(credential: string | null): ApiClient {
  const headers: Record<string, string> =
    credential === null ? {} : { Authorization: `Bearer ${credential}` };
  return {
    get: (path, signal) => send(path, { headers }, signal),
    post: (path, body, signal) => {
      const json = { ...headers, "Content-Type": "application/json" };
      return send(path, { method: "POST", headers: json, body: JSON.stringify(body) }, signal);
    },
  };
}

async function send(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  let response: Response;
  try {
    response = await fetch(path, { ...init, cache: "no-store", signal: either });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw unreachable(timeout.aborted);
  }
  if (!response.ok) throw await errorFromResponse(response);
  return response;
}

function unreachable(timedOut: boolean): ApiError {
  return timedOut
    ? new ApiError({ status: 0, code: "timeout", message: "The API did not answer in time." })
    : new ApiError({ status: 0, code: "unreachable", message: "The API cannot be reached." });
}
