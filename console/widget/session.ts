import type { CreatedSession } from "../src/api/sessions";
import type { End } from "./conversation";
import { Failure } from "./failure";

/** The page's server asks the API, which may be slow itself; one that takes this long has failed. */
const TIMEOUT_MS = 30_000;
const ENDS: Record<number, End> = {
  401: "not_allowed",
  403: "not_allowed",
  402: "busy",
  429: "busy",
  503: "busy",
};

export type Session = Pick<CreatedSession, "id" | "ws_url" | "token">;

/** Has the page's own server create a session, in whose name it alone knows. */
export async function askSession(
  url: string,
  language: string,
  over: AbortSignal,
): Promise<Session> {
  if (url === "") throw new Failure("unavailable");
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ language }),
    cache: "no-store",
    signal: AbortSignal.any([over, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch(() => {
    throw new Failure("unavailable");
  });
  if (!response.ok) throw new Failure(ENDS[response.status] ?? "unavailable");
  const session: unknown = await response.json().catch(() => null);
  if (!isSession(session)) throw new Failure("unavailable");
  return session;
}

function isSession(answer: unknown): answer is Session {
  const session = (answer ?? {}) as Partial<Session>;
  return [session.id, session.ws_url, session.token].every((part) => typeof part === "string");
}
