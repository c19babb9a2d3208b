import type { Room } from "livekit-client";

/** LiveKit's own attribute, set by an agent once it takes part. */
const AGENT_STATE = "lk.agent.state";

/** In LiveKit's words, of whoever in the room has one; `null` while no agent takes part. */
export function agentStateIn(room: Room): string | null {
  const others = [...room.remoteParticipants.values()];
  const states = others.map((other) => other.attributes[AGENT_STATE]);
  return states.find((state) => state !== undefined) ?? null;
}
