import type { Milliseconds, Turn } from "../api/turn";
import { isGreeting, STAGES, type StageKey } from "./stages";

/** What happens side by side in a turn, from the caller's words to the agent's. */
export type Lane = "caller" | StageKey | "playing";

export const LANES: readonly Lane[] = ["caller", ...STAGES.map(({ key }) => key), "playing"];

/** Milliseconds from the session's start. */
export interface Span {
  fromMs: number;
  toMs: number;
}

export interface PlacedTurn extends Span {
  turn: Turn;
  spans: ({ lane: Lane } & Span)[];
}

/** From and to; `null` where that was not measured. */
type Stretch = [lane: Lane, fromMs: Milliseconds, toMs: Milliseconds];

/**
 * Where the stages of a turn stand; `null` where nothing of it was measured.
 *
 *     started     last speech               first sound      ended
 *        ├─ caller ──┤                          │              │
 *                    ├─ end of turn ──┤         │              │
 *                    ├─ recognition ─┤          │              │
 *               asked ├─ first token ──┤        │              │
 *                          asked ├─ first byte ─┤              │
 *                    ├─ first audio ────────────┤── playing ───┤
 */
export function placeTurn(turn: Turn): PlacedTurn | null {
  const spoken = speechEndMs(turn);
  const stages = STAGES.map(({ key, from }): Stretch => {
    const begunMs = from === "speech_ended_at_ms" ? spoken : turn[from];
    return [key, begunMs, after(begunMs, turn[key])];
  });
  const lanes: Stretch[] = [
    ["caller", isGreeting(turn) ? null : turn.started_at_ms, spoken],
    ...stages,
    ["playing", firstSoundMs(turn, spoken), turn.ended_at_ms],
  ];
  const spans = lanes.flatMap(([lane, fromMs, toMs]) =>
    fromMs === null || toMs === null || toMs <= fromMs ? [] : [{ lane, fromMs, toMs }],
  );
  if (spans.length === 0) return null;
  const fromMs = Math.min(...spans.map((span) => span.fromMs));
  return { turn, spans, fromMs, toMs: Math.max(...spans.map((span) => span.toMs)) };
}

/** When each side of a turn is heard; `null` where it is not, or nobody knows. */
export function heardSpans(turn: Turn): { caller: Span | null; agent: Span | null } {
  const spans = placeTurn(turn)?.spans ?? [];
  const of = (lane: Lane) => spans.find((span) => span.lane === lane) ?? null;
  return { caller: of("caller"), agent: of("playing") };
}

/** The last turn that had begun by then. */
export function turnAt(turns: readonly Turn[], atMs: number): number | null {
  const begun = turns.findLast(({ started_at_ms: fromMs }) => fromMs !== null && fromMs <= atMs);
  return begun?.turn_index ?? null;
}

/** Turns of an older server do not tell it; their end and their length do. */
function speechEndMs({ speech_ended_at_ms, ended_at_ms, total_ms }: Turn): Milliseconds {
  if (speech_ended_at_ms !== null) return speech_ended_at_ms;
  return ended_at_ms === null || total_ms === null ? null : Math.max(0, ended_at_ms - total_ms);
}

/** A greeting answers nobody and begins with its own sound. */
function firstSoundMs(turn: Turn, spoken: Milliseconds): Milliseconds {
  return isGreeting(turn) ? turn.started_at_ms : after(spoken, turn.first_audio_ms);
}

function after(from: Milliseconds, duration: Milliseconds): Milliseconds {
  return from === null || duration === null ? null : from + duration;
}
