import type { Enum } from "./enums";

/** Milliseconds; `null` says that the stage was not measured in this turn. */
export type Milliseconds = number | null;

/** A tool that the model called. */
export interface ToolCall {
  name: string;
  /** `null` where they are not kept. */
  arguments: Record<string, unknown> | string | null;
  result: string | null;
  /** `null` where the call was cut off. */
  outcome: Enum<"TurnToolCallOutcome"> | null;
  began_at_ms: Milliseconds;
  duration_ms: Milliseconds;
  /** Whether arguments or result were longer than is kept. */
  is_cut: boolean;
}

/** Part of a document that the model was given. */
export interface Passage {
  document_id: string;
  document: string;
  number: number;
  text: string;
}

/** Something that went wrong, or was out of the ordinary. */
export interface Fault {
  /** One of an open list: a newer agent may know others. */
  kind: string;
  at_ms: number;
  duration_ms: Milliseconds;
  provider: string | null;
  reason: string | null;
}

/** What happened in a turn: told by the transcript route and in events, and to nobody in the room. */
interface Happened {
  discarded_answers?: number | null;
  tool_calls?: readonly ToolCall[];
  passages?: readonly Passage[];
  /** Who served the answer, part by part. */
  upstream?: Record<string, string | null> | null;
  faults?: readonly Fault[];
}

/** One exchange, as the transcript route lists it and the agent publishes it when it ends. */
export interface Turn extends Happened {
  turn_index: number;
  /** Empty in the greeting, which answers nobody. */
  user_transcript: string;
  /** What the caller heard, cut where the reply was interrupted. */
  agent_response: string;
  interrupted: boolean;
  llm_model: string;
  eou_delay_ms: Milliseconds;
  stt_ms: Milliseconds;
  first_token_ms: Milliseconds;
  tts_ttfb_ms: Milliseconds;
  first_audio_ms: Milliseconds;
  total_ms: Milliseconds;
  /** From the session's start, as all of these: when the exchange began and ended. */
  started_at_ms: Milliseconds;
  ended_at_ms: Milliseconds;
  /** Where its stages begin; the requests may go out before the caller's speech has ended. */
  speech_ended_at_ms: Milliseconds;
  llm_requested_at_ms: Milliseconds;
  tts_requested_at_ms: Milliseconds;
}

/** Reads a turn from a room's data packet; `null` for bytes that hold none. */
export function parseTurn(payload: Uint8Array): Turn | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const fields = value as Record<string, unknown>;
  if (!Number.isInteger(fields.turn_index)) return null;
  return {
    turn_index: fields.turn_index as number,
    user_transcript: text(fields.user_transcript),
    agent_response: text(fields.agent_response),
    interrupted: fields.interrupted === true,
    llm_model: text(fields.llm_model),
    eou_delay_ms: milliseconds(fields.eou_delay_ms),
    stt_ms: milliseconds(fields.stt_ms),
    first_token_ms: milliseconds(fields.first_token_ms),
    tts_ttfb_ms: milliseconds(fields.tts_ttfb_ms),
    first_audio_ms: milliseconds(fields.first_audio_ms),
    total_ms: milliseconds(fields.total_ms),
    started_at_ms: milliseconds(fields.started_at_ms),
    ended_at_ms: milliseconds(fields.ended_at_ms),
    speech_ended_at_ms: milliseconds(fields.speech_ended_at_ms),
    llm_requested_at_ms: milliseconds(fields.llm_requested_at_ms),
    tts_requested_at_ms: milliseconds(fields.tts_requested_at_ms),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function milliseconds(value: unknown): Milliseconds {
  return typeof value === "number" && value >= 0 ? value : null;
}

/** The turns in order, with `turn` in the place of an earlier telling of the same one. */
export function withTurn(turns: readonly Turn[], turn: Turn): Turn[] {
  const others = turns.filter((each) => each.turn_index !== turn.turn_index);
  return [...others, turn].sort((a, b) => a.turn_index - b.turn_index);
}
