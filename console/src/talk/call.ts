import {
  type Participant,
  Room,
  RoomEvent,
  setLogLevel,
  type TranscriptionSegment,
} from "livekit-client";
import type { CreatedSession } from "../api/sessions";
import { parseTurn, type Turn, withTurn } from "../api/turn";
import { type Line, withSegments, withTyped } from "../transcript/lines";
import { agentStateIn } from "./agentState";
import { agentTurned, callerHeard, type LiveTurn, turnMeasured } from "./live";
import { type MicrophoneProblem, microphoneProblem } from "./microphoneProblem";

/** The agent tells of each turn here when it ends, in one reliable packet. */
const TURN_TOPIC = "vaarta.turn";
/** LiveKit's own topic for text that an agent should take as spoken. */
const TEXT_TOPIC = "lk.chat";

// The client's log lines hold addresses with tokens in them; the page tells of failures itself.
setLogLevel("silent");

export type Microphone = "asking" | "on" | "muted" | MicrophoneProblem;

/** A device's id, `null` for the browser's own choice, or nothing heard until that is asked for. */
export type Wanted = string | null | "muted";

/** How a call ended, as far as the page saw it; the API knows the reason. */
export type CallEnd = "hung_up" | "closed" | "unreachable";

export interface CallView {
  end: CallEnd | null;
  /** Whether the room let the caller in, however it ended. */
  joined: boolean;
  reconnecting: boolean;
  /** In LiveKit's words; `null` while no agent takes part, when text would reach nobody. */
  agentState: string | null;
  microphone: Microphone;
  lines: readonly Line[];
  turns: readonly Turn[];
  /** The exchange that is going on. */
  live: LiveTurn;
}

const NOTHING_SAID: CallView = {
  end: null,
  joined: false,
  reconnecting: false,
  agentState: null,
  microphone: "asking",
  lines: [],
  turns: [],
  live: [],
};

/**
 * One conversation in its room. It listens before it connects, so that nothing said early is lost,
 * and is over for good once `view().end` is set: a new conversation needs a new session.
 */
export class Call {
  readonly room = new Room();
  readonly session: CreatedSession;
  readonly #wanted: Wanted;
  #started = false;
  #view: CallView = NOTHING_SAID;
  #listeners = new Set<() => void>();
  #typed = 0;

  constructor(session: CreatedSession, wanted: Wanted) {
    this.session = session;
    this.#wanted = wanted;
    if (wanted === "muted") this.#view = { ...NOTHING_SAID, microphone: "muted" };
    this.room
      .on(RoomEvent.TranscriptionReceived, this.#onTranscription)
      .on(RoomEvent.DataReceived, this.#onData)
      .on(RoomEvent.Connected, () => this.#change({ joined: true }))
      .on(RoomEvent.Reconnecting, () => this.#change({ reconnecting: true }))
      .on(RoomEvent.Reconnected, () => this.#change({ reconnecting: false }))
      .on(RoomEvent.ParticipantConnected, this.#onPresence)
      .on(RoomEvent.ParticipantDisconnected, this.#onPresence)
      .on(RoomEvent.ParticipantAttributesChanged, this.#onPresence)
      .on(RoomEvent.Disconnected, this.#onDisconnected);
  }

  view = (): CallView => this.#view;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Joins and asks for the microphone side by side: a permission prompt delays no greeting. Called
   * once all that listens to the room is in place; a second call changes nothing.
   */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    const joined = this.room.connect(this.session.ws_url, this.session.token);
    const heard = this.#wanted === "muted" ? null : this.setMicrophone(true, this.#wanted);
    try {
      await joined;
    } catch {
      this.#end("unreachable");
    }
    await heard;
  }

  /** Never throws: what stands in the way becomes the view's `microphone`. */
  async setMicrophone(enabled: boolean, deviceId: string | null = null): Promise<void> {
    if (!window.isSecureContext) return this.#change({ microphone: "insecure" });
    try {
      const options = deviceId === null ? undefined : { deviceId };
      await this.room.localParticipant.setMicrophoneEnabled(enabled, options);
      this.#change({ microphone: enabled ? "on" : "muted" });
    } catch (error) {
      this.#change({ microphone: microphoneProblem(error) });
    }
  }

  async switchMicrophone(deviceId: string): Promise<void> {
    try {
      await this.room.switchActiveDevice("audioinput", deviceId);
    } catch (error) {
      this.#change({ microphone: microphoneProblem(error) });
    }
  }

  /** Throws where the room is gone. */
  say = async (text: string): Promise<void> => {
    await this.room.localParticipant.sendText(text, { topic: TEXT_TOPIC });
    this.#typed += 1;
    this.#change({ lines: withTyped(this.#view.lines, `typed-${this.#typed}`, text) });
  };

  async hangUp(): Promise<void> {
    this.#end("hung_up");
    await this.room.disconnect();
  }

  #onTranscription = (segments: TranscriptionSegment[], participant?: Participant): void => {
    const speaker = participant ? (participant.isLocal ? "you" : "agent") : null;
    const { lines, live } = this.#view;
    this.#change({
      lines: withSegments(lines, segments, speaker),
      live: speaker === "you" ? this.#liveAfter(segments) : live,
    });
  };

  #onData = (payload: Uint8Array, _from: unknown, _kind: unknown, topic?: string): void => {
    const turn = topic === TURN_TOPIC ? parseTurn(payload) : null;
    if (turn === null) return;
    const { turns, live } = this.#view;
    this.#change({ turns: withTurn(turns, turn), live: turnMeasured(live) });
  };

  #onPresence = (): void => {
    const agentState = agentStateIn(this.room);
    if (agentState === this.#view.agentState) return;
    this.#change({ agentState, live: agentTurned(this.#view.live, agentState, performance.now()) });
  };

  /** A final comes when the answer is decided, so only partials tell that the caller speaks. */
  #liveAfter(segments: readonly TranscriptionSegment[]): LiveTurn {
    const speaks = segments.some(({ final }) => !final);
    return speaks ? callerHeard(this.#view.live, performance.now()) : this.#view.live;
  }

  #onDisconnected = (): void => this.#end(this.#view.joined ? "closed" : "unreachable");

  /** The first end counts. */
  #end(end: CallEnd): void {
    if (this.#view.end === null) this.#change({ end });
  }

  #change(part: Partial<CallView>): void {
    this.#view = { ...this.#view, ...part };
    for (const listener of this.#listeners) listener();
  }
}
