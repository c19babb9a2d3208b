import type { Session } from "../api/sessions";
import type { StreamEvent } from "../api/sse";
import type { Turn } from "../api/turn";

/** What a running session tells, `GET …/{id}/events`. */
export type SessionEvent =
  | { name: "state"; data: { status: "active"; agent_state: string; recoveries?: number } }
  | { name: "transcript"; data: Spoken }
  | { name: "turn"; data: Turn }
  | { name: "end"; data: Session };

/** Words of an exchange that is going on. */
export interface Spoken {
  role: "user" | "agent";
  text: string;
  /** Otherwise they may still change. */
  final: boolean;
  turn_index: number;
}

export interface Live {
  /** As in the room, or that it is away or back again; `null` before the agent has told. */
  agentState: string | null;
  /** Of exchanges that are not in the transcript yet, in order. */
  spoken: readonly Spoken[];
}

export const NOTHING_LIVE: Live = { agentState: null, spoken: [] };

const NAMES: readonly string[] = ["state", "transcript", "turn", "end"];

/** The caller vouches that the event is the API's; `null` for one that this page does not know. */
export function readEvent({ name, data }: StreamEvent): SessionEvent | null {
  return NAMES.includes(name) ? ({ name, data: JSON.parse(data) } as SessionEvent) : null;
}

/** Words replace those before them, and the stored turn replaces them all. */
export function withEvent(live: Live, event: SessionEvent): Live {
  switch (event.name) {
    case "state":
      return { ...live, agentState: event.data.agent_state };
    case "transcript":
      return { ...live, spoken: withSpoken(live.spoken, event.data) };
    case "turn": {
      const index = event.data.turn_index;
      return { ...live, spoken: live.spoken.filter((each) => each.turn_index > index) };
    }
    case "end":
      return NOTHING_LIVE;
  }
}

function withSpoken(spoken: readonly Spoken[], words: Spoken): Spoken[] {
  const others = spoken.filter(
    ({ role, turn_index }) => role !== words.role || turn_index !== words.turn_index,
  );
  return [...others, words].sort(
    (a, b) => a.turn_index - b.turn_index || (a.role === b.role ? 0 : a.role === "user" ? -1 : 1),
  );
}
