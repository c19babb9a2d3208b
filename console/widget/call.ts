import {
  DisconnectReason,
  LocalAudioTrack,
  type Participant,
  type RemoteTrack,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
  type TranscriptionSegment,
} from "livekit-client";
import { agentStateIn } from "../src/talk/agentState";
import { type Line, withSegments } from "../src/transcript/lines";
import type { Session } from "./session";

// The client's log lines hold addresses with tokens in them.
setLogLevel("silent");

/** Who ended the room on purpose, of those who are not the caller. */
const CLOSED: readonly (DisconnectReason | undefined)[] = [
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.ROOM_CLOSED,
  DisconnectReason.PARTICIPANT_REMOVED,
];

/** What changed in the room. */
export interface News {
  joined?: true;
  /** In LiveKit's words; `null` while no agent takes part. */
  agentState?: string | null;
  reconnecting?: boolean;
  soundBlocked?: boolean;
  lines?: readonly Line[];
  end?: "closed" | "lost";
}

interface CallParts {
  microphone: MediaStreamTrack;
  /** Where the agent's sound is played. */
  home: ParentNode;
  tell: (news: News) => void;
}

/** The caller's place in a session's room. What it opens, `leave` closes. */
export class Call {
  // A page that asks before it is left would be hung up by LiveKit on asking.
  readonly room = new Room({ disconnectOnPageLeave: false });
  readonly #microphone: LocalAudioTrack;
  readonly #home: ParentNode;
  readonly #tell: (news: News) => void;
  readonly #heard = new Map<RemoteTrack, HTMLMediaElement>();
  #lines: readonly Line[] = [];
  #joined = false;

  constructor({ microphone, home, tell }: CallParts) {
    // LiveKit may open it anew, where a phone took it away for a while.
    this.#microphone = new LocalAudioTrack(microphone, undefined, false);
    this.#home = home;
    this.#tell = tell;
    this.room
      .on(RoomEvent.TranscriptionReceived, this.#onTranscription)
      .on(RoomEvent.TrackSubscribed, this.#onSound)
      .on(RoomEvent.TrackUnsubscribed, this.#onSilence)
      .on(RoomEvent.AudioPlaybackStatusChanged, this.#onPlayback)
      .on(RoomEvent.Reconnecting, () => tell({ reconnecting: true }))
      .on(RoomEvent.Reconnected, () => tell({ reconnecting: false }))
      .on(RoomEvent.ParticipantConnected, this.#onPresence)
      .on(RoomEvent.ParticipantDisconnected, this.#onPresence)
      .on(RoomEvent.ParticipantAttributesChanged, this.#onPresence)
      .on(RoomEvent.Disconnected, this.#onDisconnected);
  }

  /** Throws LiveKit's own errors where there is no way into the room. */
  async join({ ws_url, token }: Session): Promise<void> {
    await this.room.connect(ws_url, token);
    this.#joined = true;
    this.#tell({ joined: true, agentState: agentStateIn(this.room) });
    const options = { source: Track.Source.Microphone };
    await this.room.localParticipant.publishTrack(this.#microphone, options);
  }

  async setMuted(muted: boolean): Promise<void> {
    await (muted ? this.#microphone.mute() : this.#microphone.unmute());
  }

  /** Only where a person has just pressed something. */
  async allowSound(): Promise<void> {
    await this.room.startAudio();
  }

  /** Nobody is heard any more from here on, whatever the way out of the room takes. */
  async leave(): Promise<void> {
    this.#microphone.stop();
    for (const track of this.#heard.keys()) this.#onSilence(track);
    await this.room.disconnect();
  }

  #onTranscription = (segments: TranscriptionSegment[], participant?: Participant): void => {
    const speaker = participant ? (participant.isLocal ? "you" : "agent") : null;
    this.#lines = withSegments(this.#lines, segments, speaker);
    this.#tell({ lines: this.#lines });
  };

  #onSound = (track: RemoteTrack): void => {
    if (track.kind !== Track.Kind.Audio) return;
    const audio = track.attach();
    this.#heard.set(track, audio);
    this.#home.append(audio);
  };

  /** LiveKit may have detached it already, and knows its element no more. */
  #onSilence = (track: RemoteTrack): void => {
    track.detach();
    this.#heard.get(track)?.remove();
    this.#heard.delete(track);
  };

  #onPlayback = (): void => this.#tell({ soundBlocked: !this.room.canPlaybackAudio });

  #onPresence = (): void => this.#tell({ agentState: agentStateIn(this.room) });

  #onDisconnected = (reason?: DisconnectReason): void => {
    if (this.#joined) this.#tell({ end: CLOSED.includes(reason) ? "closed" : "lost" });
  };
}
