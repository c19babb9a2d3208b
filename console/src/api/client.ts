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
  /** A list, of which the API gives a part at a time. */
  getRows<Row>(path: string, signal?: AbortSignal): Promise<Rows<Row>>;
  /** With a body where there is one; `undefined` for an answer without content. */
  send<Body>(method: Method, path: string, body?: unknown): Promise<Body>;
  getBlob(path: string): Promise<Blob>;
  /** Server-sent events after the one named; `null` from a stream that has had its end. */
  openStream(path: string, lastId: string | null, signal: AbortSignal): Promise<Bytes | null>;
}

export type Bytes = ReadableStream<Uint8Array>;

export type Method = "POST" | "PUT" | "PATCH" | "DELETE";

export interface Rows<Row> {
  rows: Row[];
  /** How many there are in all. */
  total: number;
}

export function createApiClient(credential: string | null): ApiClient {
  const headers: Record<string, string> =
    credential === null ? {} : { Authorization: `Bearer ${credential}` };
  const jsonHeaders = { ...headers, "Content-Type": "application/json" };
  return {
    getJson: <Body>(path: string, signal?: AbortSignal) =>
      send<Body>({ path, init: { headers }, signal }, readJson),
    getRows: <Row>(path: string, signal?: AbortSignal) =>
      send<Rows<Row>>({ path, init: { headers }, signal }, readRows),
    send: <Body>(method: Method, path: string, body?: unknown) => {
      const init =
        body === undefined
          ? { method, headers }
          : { method, headers: jsonHeaders, body: JSON.stringify(body) };
      return send<Body>({ path, init }, readJson);
    },
    getBlob: (path) => send({ path, init: { headers } }, (response) => response.blob()),
    openStream: (path, lastId, signal) => {
      const place = lastId === null ? undefined : { "Last-Event-ID": lastId };
      return openStream({ path, init: { headers: { ...headers, ...place } }, signal });
    },
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

/** Only the answer has to come in time: the stream lasts for as long as it is read. */
async function openStream({ path, init, signal }: Call): Promise<Bytes | null> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), TIMEOUT_MS);
  const either = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  try {
    const response = await fetch(path, { ...init, cache: "no-store", signal: either });
    if (!response.ok) throw await errorFromResponse(response);
    return response.status === 204 ? null : response.body;
  } catch (error) {
    if (error instanceof ApiError || signal?.aborted) throw error;
    throw failure(error, late.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
}

async function readJson<Body>(response: Response): Promise<Body> {
  return response.status === 204 ? (undefined as Body) : ((await response.json()) as Body);
}

async function readRows<Row>(response: Response): Promise<Rows<Row>> {
  const rows = (await response.json()) as Row[];
  return { rows, total: Number(response.headers.get("X-Total-Count") ?? rows.length) };
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
