import { type RemoteTrack, Room, RoomEvent, setLogLevel } from "livekit-client";
import type { WayIn } from "../api/sessions";

// The client's log lines hold addresses with tokens in them.
setLogLevel("silent");

export interface Heard {
  /** How many of the two are to be heard. */
  voices: number;
  /** Whether the browser wants a click before it plays anything. */
  blocked: boolean;
  /** The room is gone, or we have left it. */
  over: boolean;
}

/** Hears a room without being seen in it; tells what is heard until it is over. */
export class Listening {
  readonly #room = new Room();
  readonly #tell: (heard: Heard) => void;
  /** Each with the element that plays it, which the client may have let go of by the end. */
  readonly #voices = new Map<RemoteTrack, HTMLMediaElement>();

  constructor(tell: (heard: Heard) => void) {
    this.#tell = tell;
    this.#room
      .on(RoomEvent.TrackSubscribed, (track) => this.#play(track))
      .on(RoomEvent.TrackUnsubscribed, (track) => this.#drop(track))
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.#changed())
      .on(RoomEvent.Disconnected, () => this.#end());
  }

  /** Rejects where the voice server cannot be reached. */
  start({ ws_url, token }: WayIn): Promise<void> {
    return this.#room.connect(ws_url, token);
  }

  /** In answer to a click. */
  unblock(): Promise<void> {
    return this.#room.startAudio();
  }

  stop(): Promise<void> {
    return this.#room.disconnect();
  }

  #play(track: RemoteTrack): void {
    if (track.kind !== "audio") return;
    const element = track.attach();
    document.body.append(element);
    this.#voices.set(track, element);
    this.#changed();
  }

  #drop(track: RemoteTrack): void {
    track.detach();
    this.#voices.get(track)?.remove();
    this.#voices.delete(track);
    this.#changed();
  }

  #end(): void {
    for (const element of this.#voices.values()) element.remove();
    this.#voices.clear();
    this.#changed(true);
  }

  #changed(over = false): void {
    this.#tell({ voices: this.#voices.size, blocked: !this.#room.canPlaybackAudio, over });
  }
}
