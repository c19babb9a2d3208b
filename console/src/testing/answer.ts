import { vi } from "vitest";

export interface Sent {
  path: string;
  init: RequestInit;
}

type Answer = (sent: Sent) => Response | Promise<Response>;

/** Puts a scripted API in the place of the network; tells what was sent to it. */
export function answerWith(answer: Answer): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    sent.push({ path, init });
    return answer({ path, init });
  });
  return sent;
}

export function refusal(status: number, error: object, headers: HeadersInit = {}): Response {
  return new Response(JSON.stringify({ error }), { status, headers });
}
