import { type LocalParticipant, type RemoteParticipant, RoomEvent } from "livekit-client";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { CreatedSession } from "../api/sessions";
import { aSession } from "../testing/aSession";
import { aTurn } from "../testing/aTurn";
import { Call } from "./call";

const SESSION: CreatedSession = { ...aSession(), ws_url: "ws://127.0.0.1:7880", token: "token" };

const LOCAL = { isLocal: true } as LocalParticipant;
const REMOTE = { isLocal: false } as RemoteParticipant;
const TURN = new TextEncoder().encode(JSON.stringify(aTurn({ turn_index: 1 })));

const aCall = () => new Call(SESSION, null);
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

beforeEach(() => void vi.stubGlobal("isSecureContext", true));

describe("a call", () => {
  it("hears both sides before it has connected", () => {
    const call = aCall();
    call.room.emit(RoomEvent.TranscriptionReceived, [segment("a", "Namaste.")], undefined);
    call.room.emit(RoomEvent.TranscriptionReceived, [segment("b", "Hello.")], LOCAL);
    call.room.emit(RoomEvent.TranscriptionReceived, [segment("c", "Welcome.")], REMOTE);
    expect(call.view().lines.map(({ speaker }) => speaker)).toEqual(["agent", "you", "agent"]);
  });

  it("takes turns from their own topic only", () => {
    const call = aCall();
    call.room.emit(RoomEvent.DataReceived, TURN, REMOTE, undefined, "something.else");
    expect(call.view().turns).toEqual([]);
    call.room.emit(RoomEvent.DataReceived, TURN, REMOTE, undefined, "vaarta.turn");
    expect(call.view().turns).toMatchObject([{ turn_index: 1 }]);
  });

  it("follows the agent's state, and knows when there is no agent", () => {
    const call = aCall();
    const agent = { attributes: { "lk.agent.state": "listening" } as Record<string, string> };
    call.room.remoteParticipants.set("agent", agent as RemoteParticipant);
    call.room.emit(RoomEvent.ParticipantConnected, REMOTE);
    expect(call.view().agentState).toBe("listening");
    agent.attributes["lk.agent.state"] = "speaking";
    call.room.emit(RoomEvent.ParticipantAttributesChanged, {}, REMOTE);
    expect(call.view().agentState).toBe("speaking");
    call.room.remoteParticipants.delete("agent");
    call.room.emit(RoomEvent.ParticipantDisconnected, REMOTE);
    expect(call.view().agentState).toBeNull();
  });

  it("goes over to the agent that takes the place of another", () => {
    const call = aCall();
    const listed = (state?: string) =>
      ({ attributes: state === undefined ? {} : { "lk.agent.state": state } }) as RemoteParticipant;
    call.room.remoteParticipants.set("agent", listed("speaking"));
    call.room.remoteParticipants.set("agent-1", listed());
    call.room.emit(RoomEvent.ParticipantConnected, REMOTE);
    expect(call.view().agentState).toBe("speaking");
    call.room.remoteParticipants.delete("agent");
    call.room.remoteParticipants.set("agent-1", listed("listening"));
    call.room.emit(RoomEvent.ParticipantDisconnected, REMOTE);
    expect(call.view().agentState).toBe("listening");
  });

  it("tells a room that closed from one that was never reached", () => {
    const never = aCall();
    never.room.emit(RoomEvent.Disconnected);
    expect(never.view().end).toBe("unreachable");
    const once = aCall();
    once.room.emit(RoomEvent.Connected);
    once.room.emit(RoomEvent.Disconnected);
    expect(once.view().end).toBe("closed");
  });

  it("stays hung up when the room closes after it", async () => {
    const call = aCall();
    call.room.emit(RoomEvent.Connected);
    await call.hangUp();
    call.room.emit(RoomEvent.Disconnected);
    expect(call.view().end).toBe("hung_up");
  });

  it("joins once, however often it is started", async () => {
    const call = aCall();
    const connect = vi.spyOn(call.room, "connect").mockResolvedValue();
    vi.spyOn(call.room.localParticipant, "setMicrophoneEnabled").mockResolvedValue(undefined);
    await Promise.all([call.start(), call.start()]);
    expect(connect.mock.calls).toEqual([[SESSION.ws_url, SESSION.token]]);
  });

  it.each([
    ["NotAllowedError", "refused"],
    ["NotFoundError", "missing"],
    ["NotReadableError", "busy"],
    ["TypeError", "unavailable"],
  ])("goes on without a microphone: %s is %s", async (name, problem) => {
    const call = aCall();
    vi.spyOn(call.room, "connect").mockResolvedValue();
    vi.spyOn(call.room.localParticipant, "setMicrophoneEnabled").mockRejectedValue({ name });
    await call.start();
    expect(call.view()).toMatchObject({ microphone: problem, end: null });
  });

  it("does not ask for a microphone where browsers give none", async () => {
    vi.stubGlobal("isSecureContext", false);
    const call = aCall();
    vi.spyOn(call.room, "connect").mockResolvedValue();
    const ask = vi.spyOn(call.room.localParticipant, "setMicrophoneEnabled");
    await call.start();
    expect(ask).not.toHaveBeenCalled();
    expect(call.view().microphone).toBe("insecure");
  });

  it("asks for no microphone where the caller will write", async () => {
    const call = new Call(SESSION, "muted");
    vi.spyOn(call.room, "connect").mockResolvedValue();
    const ask = vi.spyOn(call.room.localParticipant, "setMicrophoneEnabled");
    await call.start();
    expect(ask).not.toHaveBeenCalled();
    expect(call.view().microphone).toBe("muted");
  });

  it("shows typed words once they were sent, and not otherwise", async () => {
    const call = aCall();
    const send = vi.spyOn(call.room.localParticipant, "sendText");
    send.mockRejectedValueOnce(new Error("gone"));
    await expect(call.say("first")).rejects.toThrow("gone");
    send.mockResolvedValueOnce({} as Awaited<ReturnType<LocalParticipant["sendText"]>>);
    await call.say("second");
    expect(send).toHaveBeenLastCalledWith("second", { topic: "lk.chat" });
    expect(call.view().lines).toMatchObject([{ speaker: "you", text: "second" }]);
  });
});
