import type { MicrophoneProblem } from "../src/talk/microphoneProblem";
import type { Line } from "../src/transcript/lines";
import type { Call, News } from "./call";
import { Failure } from "./failure";
import { openMicrophone } from "./microphone";
import type { Session } from "./session";

export type State =
  | "idle"
  | "connecting"
  | "listening"
  | "thinking"
  | "speaking"
  | "reconnecting"
  | "ended";

export type End =
  | "hung_up"
  /** The page was left, or the element taken out of it. */
  | "left"
  | "closed"
  | "lost"
  | "unanswered"
  | "unreachable"
  | "not_allowed"
  | "busy"
  | "unavailable"
  | `microphone_${MicrophoneProblem}`;

const AS_EVER: readonly (End | null)[] = ["hung_up", "left", "closed"];

/** Whether a call ended otherwise than calls do. */
export function isProblem(end: End | null): end is End {
  return end !== null && !AS_EVER.includes(end);
}

export interface View {
  state: State;
  /** The browser asks its user for the microphone. */
  asking: boolean;
  /** Whether the room let the caller in. */
  joined: boolean;
  muted: boolean;
  soundBlocked: boolean;
  lines: readonly Line[];
  sessionId: string | null;
  end: End | null;
}

const IDLE: View = {
  state: "idle",
  asking: false,
  joined: false,
  muted: false,
  soundBlocked: false,
  lines: [],
  sessionId: null,
  end: null,
};

export type LoadCall = () => Promise<{ Call: typeof Call }>;

interface Presence {
  agentState: string | null;
  reconnecting: boolean;
  /** There was an agent at some time. */
  answered: boolean;
}

const NOBODY: Presence = { agentState: null, reconnecting: false, answered: false };

/**
 * Calls, one after the other. Each has a signal, `over`, on which everything that it opened is let
 * go of, whatever came first.
 */
export class Conversation {
  readonly #load: LoadCall;
  readonly #home: ParentNode;
  readonly #changed: () => void;
  #view = IDLE;
  #presence = NOBODY;
  #over: AbortController | null = null;
  #call: Call | null = null;

  constructor(load: LoadCall, home: ParentNode, changed: () => void) {
    this.#load = load;
    this.#home = home;
    this.#changed = changed;
  }

  get view(): View {
    return this.#view;
  }

  get isOn(): boolean {
    return this.#over !== null;
  }

  /** Asks for the microphone before it asks for a session: one without the other costs nobody. */
  async start(ask: (over: AbortSignal) => Promise<Session>): Promise<void> {
    if (this.isOn) return;
    const over = new AbortController();
    this.#over = over;
    this.#presence = NOBODY;
    this.#change({ ...IDLE, state: "connecting", asking: true });
    try {
      const opened = openMicrophone(over.signal);
      const [microphone, parts] = await Promise.all([opened, this.#load()]);
      if (over.signal.aborted) return;
      this.#change({ asking: false });
      const session = await ask(over.signal);
      if (over.signal.aborted) return;
      this.#change({ sessionId: session.id });
      await this.#join(new parts.Call(this.#callParts(microphone, over)), session, over.signal);
    } catch (error) {
      if (!over.signal.aborted) this.end(error instanceof Failure ? error.end : "unavailable");
    }
  }

  end(end: End): void {
    if (!this.isOn) return;
    this.#over?.abort();
    this.#over = null;
    this.#call = null;
    this.#change({ state: "ended", asking: false, joined: false, soundBlocked: false, end });
  }

  async setMuted(muted: boolean): Promise<void> {
    await this.#call?.setMuted(muted);
    if (this.#call !== null) this.#change({ muted });
  }

  async allowSound(): Promise<void> {
    await this.#call?.allowSound();
  }

  #callParts(microphone: MediaStreamTrack, over: AbortController) {
    const tell = (news: News) => {
      if (!over.signal.aborted) this.#hear(news);
    };
    return { microphone, home: this.#home, tell };
  }

  async #join(call: Call, session: Session, over: AbortSignal): Promise<void> {
    this.#call = call;
    over.addEventListener("abort", () => void call.leave());
    await call.join(session).catch(() => {
      throw new Failure("unreachable");
    });
  }

  #hear({ agentState, reconnecting, end, ...shown }: News): void {
    const before = this.#presence;
    const present = agentState === undefined ? before.agentState : agentState;
    this.#presence = {
      agentState: present,
      reconnecting: reconnecting ?? before.reconnecting,
      answered: before.answered || isThere(present),
    };
    if (end) this.end(end === "closed" && !this.#presence.answered ? "unanswered" : end);
    else this.#change({ ...shown, state: stateOf(this.#presence) });
  }

  #change(part: Partial<View>): void {
    this.#view = { ...this.#view, ...part };
    this.#changed();
  }
}

function isThere(agentState: string | null): agentState is string {
  return agentState !== null && agentState !== "initializing";
}

function stateOf({ agentState, reconnecting, answered }: Presence): State {
  if (reconnecting) return "reconnecting";
  if (!isThere(agentState)) return answered ? "reconnecting" : "connecting";
  return agentState === "speaking" || agentState === "thinking" ? agentState : "listening";
}
