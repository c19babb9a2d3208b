import { vi } from "vitest";
import type { Call, News } from "./call";
import type { LoadCall, State } from "./conversation";
import { VaartaCall } from "./VaartaCall";

export const SESSION = { id: "7c2b9e30", ws_url: "ws://127.0.0.1:7880", token: "token" };

type CallParts = ConstructorParameters<typeof Call>[0];

/** A room of paper: it tells what a test has it tell. */
export class FakeCall {
  static last: FakeCall;
  static canJoin = true;
  readonly tell: (news: News) => void;
  muted = false;
  hasLeft = false;

  constructor({ tell }: CallParts) {
    this.tell = tell;
    FakeCall.last = this;
  }

  async join(): Promise<void> {
    if (!FakeCall.canJoin) throw new Error("no way in");
    this.tell({ joined: true, agentState: null });
  }

  async setMuted(muted: boolean): Promise<void> {
    this.muted = muted;
  }

  async allowSound(): Promise<void> {
    this.tell({ soundBlocked: false });
  }

  async leave(): Promise<void> {
    this.hasLeft = true;
    this.tell({ end: "lost" });
  }
}

const load = (async () => ({ Call: FakeCall })) as unknown as LoadCall;

/** An element in the page, with what it told since. */
export function anElement(attributes: Record<string, string> = {}, loading: LoadCall = load) {
  if (!customElements.get("vaarta-call")) customElements.define("vaarta-call", VaartaCall);
  const element = new VaartaCall(loading);
  const given = { "session-url": "/call", ...attributes };
  for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
  const states: State[] = [];
  const ends: object[] = [];
  element.addEventListener("vaarta:state", (told) =>
    states.push((told as CustomEvent).detail.state),
  );
  element.addEventListener("vaarta:ended", (told) => ends.push((told as CustomEvent).detail));
  document.body.replaceChildren(element);
  return { element, states, ends, ...parts(element) };
}

/** What a person finds in the element, by its part's name. */
function parts(element: VaartaCall) {
  const part = (name: string): HTMLElement => {
    const found = element.shadowRoot?.querySelector(`[part~="${name}"]`);
    if (!(found instanceof HTMLElement)) throw new Error(`no part ${name}`);
    return found;
  };
  const text = (name: string): string => part(name).textContent ?? "";
  const shown = (): string[] =>
    [...(element.shadowRoot?.querySelectorAll("button") ?? [])]
      .filter((button) => !button.hidden)
      .map((button) => button.textContent ?? "");
  return { part, text, shown };
}

/** The browser's microphone: `given` are the tracks that it gave, `refuse` what it throws. */
export function aMicrophone(refuse?: string) {
  const given: { stop: () => void; isLive: boolean }[] = [];
  const getUserMedia = vi.fn(async () => {
    if (refuse !== undefined) throw Object.assign(new Error(), { name: refuse });
    const track = {
      isLive: true,
      stop() {
        this.isLive = false;
      },
    };
    given.push(track);
    return { getAudioTracks: () => [track] };
  });
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  return { given, getUserMedia };
}

/** The page's own server. */
export function aServer(status = 200, answer: unknown = SESSION) {
  const asked = vi.fn(async (_url: string, _init: RequestInit) =>
    Response.json(answer, { status }),
  );
  vi.stubGlobal("fetch", asked);
  return asked;
}
