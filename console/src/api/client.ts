import { ApiError, errorFromResponse } from "./error";

/** No call of this page may hang: one that takes this long has failed. */
const TIMEOUT_MS = 15_000;

/**
 * Speaks to the API on the page's own origin, with one API key or JWT. Every call throws
 * `ApiError`, and a caller's own abort as what it was aborted with.
 */
export interface ApiClient {
  /** The caller vouches for the shape of `Body`: the API is ours. */
  getJson<Body>(path: string, signal?: AbortSignal): Promise<Body>;
  postJson<Body>(path: string, body: unknown): Promise<Body>;
  getBlob(path: string): Promise<Blob>;
}

export function createApiClient(credential: string | null): ApiClient {
  const headers: Record<string, string> =
    credential === null ? {} : { Authorization: `Bearer ${credential}` };
  const jsonHeaders = { ...headers, "Content-Type": "application/json" };
  return {
    getJson: <Body>(path: string, signal?: AbortSignal) =>
      send<Body>({ path, init: { headers }, signal }, readJson),
    postJson: <Body>(path: string, body: unknown) => {
      const init = { method: "POST", headers: jsonHeaders, body: JSON.stringify(body) };
      return send<Body>({ path, init }, readJson);
    },
    getBlob: (path) => send({ path, init: { headers } }, (response) => response.blob()),
  };
}

interface Call {
  path: string;
  init: RequestInit;
  signal?: AbortSignal;
}

async function send<Body>(
  { path, init, signal }: Call,
  read: (response: Response) => Promise<Body>,
): Promise<Body> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    const response = await fetch(path, { ...init, cache: "no-store", signal: either });
    if (!response.ok) throw await errorFromResponse(response);
    return await read(response);
  } catch (error) {
    if (error instanceof ApiError || signal?.aborted) throw error;
    throw failure(error, timeout.aborted);
  }
}

function readJson<Body>(response: Response): Promise<Body> {
  return response.json() as Promise<Body>;
}

/** What went wrong where the API said nothing itself. */
function failure(error: unknown, timedOut: boolean): ApiError {
  if (timedOut) return noAnswer("timeout", "The API did not answer in time.");
  if (error instanceof SyntaxError) return noAnswer("bad_answer", "This is not the API’s answer.");
  return noAnswer("unreachable", "The API cannot be reached.");
}

function noAnswer(code: string, message: string): ApiError {
  return new ApiError({ status: 0, code, message });
}
