import {
  DisconnectReason,
  type LocalParticipant,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  RoomEvent,
} from "livekit-client";
import { describe, expect, it, vi } from "vitest";
import { Call, type News } from "./call";
import { SESSION } from "./testing";

const LOCAL = { isLocal: true } as LocalParticipant;
const REMOTE = { isLocal: false } as RemoteParticipant;
const segment = (id: string, text: string) => ({
  id,
  text,
  final: true,
  language: "en",
  startTime: 0,
  endTime: 0,
  firstReceivedTime: 0,
  lastReceivedTime: 0,
});

/** As the browser gives it; nothing is heard by it. */
class Microphone extends EventTarget {
  readonly kind = "audio";
  readonly stop = vi.fn();
  enabled = true;
  getConstraints = () => ({});
}

/** By the time that LiveKit tells of a track's end, it has detached it. */
function aSound() {
  const audio = document.createElement("audio");
  const track = { kind: "audio", attach: () => audio, detach: () => [] };
  const heard = [track as unknown as RemoteTrack, {} as RemoteTrackPublication, REMOTE] as const;
  return [audio, heard] as const;
}

async function joined() {
  const news: News[] = [];
  const microphone = new Microphone();
  const home = document.createElement("div");
  const tell = (each: News) => news.push(each);
  const call = new Call({ microphone: microphone as never, home, tell });
  const connect = vi.spyOn(call.room, "connect").mockResolvedValue();
  const { localParticipant } = call.room;
  const publish = vi.spyOn(localParticipant, "publishTrack").mockResolvedValue({} as never);
  await call.join(SESSION);
  return { call, room: call.room, news, microphone, home, connect, publish };
}

it("publishes the microphone once it has joined, and lets go of it on leaving", async () => {
  const { call, microphone, connect, publish } = await joined();
  expect(connect.mock.calls).toEqual([[SESSION.ws_url, SESSION.token]]);
  expect(publish).toHaveBeenCalledTimes(1);
  await call.leave();
  expect(microphone.stop).toHaveBeenCalled();
});

it("tells who said what", async () => {
  const { room, news } = await joined();
  room.emit(RoomEvent.TranscriptionReceived, [segment("a", "Namaste.")], REMOTE);
  room.emit(RoomEvent.TranscriptionReceived, [segment("b", "Hello.")], LOCAL);
  const lines = news.at(-1)?.lines ?? [];
  expect(lines.map(({ speaker, text }) => [speaker, text])).toEqual([
    ["agent", "Namaste."],
    ["you", "Hello."],
  ]);
});

describe("the agent's sound", () => {
  it("is played in the element while it lasts", async () => {
    const { room, home } = await joined();
    const [audio, heard] = aSound();
    room.emit(RoomEvent.TrackSubscribed, ...heard);
    expect([...home.children]).toEqual([audio]);
    room.emit(RoomEvent.TrackUnsubscribed, ...heard);
    expect([...home.children]).toEqual([]);
  });

  it("is gone as soon as the caller leaves", async () => {
    const { call, room, home } = await joined();
    room.emit(RoomEvent.TrackSubscribed, ...aSound()[1]);
    const left = call.leave();
    expect([...home.children]).toEqual([]);
    await left;
  });
});

it.each([
  [DisconnectReason.ROOM_DELETED, "closed"],
  [DisconnectReason.PARTICIPANT_REMOVED, "closed"],
  [DisconnectReason.SERVER_SHUTDOWN, "lost"],
  [undefined, "lost"],
])("tells a room that was closed from one that was lost: %s is %s", async (reason, end) => {
  const { room, news } = await joined();
  room.emit(RoomEvent.Disconnected, reason);
  expect(news.at(-1)).toEqual({ end });
});
