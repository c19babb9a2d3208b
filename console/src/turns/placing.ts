import type { Turn } from "../api/turn";
import { isGreeting, type StageKey } from "./stages";

/** What happens side by side in a turn, from the caller's words to the agent's. */
export type Lane = "caller" | StageKey | "playing";

export const LANES: readonly Lane[] = [
  "caller",
  "eou_delay_ms",
  "stt_ms",
  "first_token_ms",
  "tts_ttfb_ms",
  "first_audio_ms",
  "playing",
];

/** Milliseconds from the session's start. */
export interface Span {
  fromMs: number;
  toMs: number;
}

export interface PlacedTurn extends Span {
  turn: Turn;
  spans: ({ lane: Lane } & Span)[];
}

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
  const lanes: [Lane, number | null, number | null][] = [
    ["caller", isGreeting(turn) ? null : turn.started_at_ms, spoken],
    ["eou_delay_ms", spoken, after(spoken, turn.eou_delay_ms)],
    ["stt_ms", spoken, after(spoken, turn.stt_ms)],
    [
      "first_token_ms",
      turn.llm_requested_at_ms,
      after(turn.llm_requested_at_ms, turn.first_token_ms),
    ],
    ["tts_ttfb_ms", turn.tts_requested_at_ms, after(turn.tts_requested_at_ms, turn.tts_ttfb_ms)],
    ["first_audio_ms", spoken, after(spoken, turn.first_audio_ms)],
    ["playing", firstSoundMs(turn, spoken), turn.ended_at_ms],
  ];
  const spans = lanes.flatMap(([lane, fromMs, toMs]) =>
    fromMs === null || toMs === null || toMs <= fromMs ? [] : [{ lane, fromMs, toMs }],
  );
  if (spans.length === 0) return null;
  const fromMs = Math.min(...spans.map((span) => span.fromMs));
  return { turn, spans, fromMs, toMs: Math.max(...spans.map((span) => span.toMs)) };
}

/** Turns of an older server do not tell it; their end and their length do. */
function speechEndMs({ speech_ended_at_ms, ended_at_ms, total_ms }: Turn): number | null {
  if (speech_ended_at_ms !== null) return speech_ended_at_ms;
  return ended_at_ms === null || total_ms === null ? null : Math.max(0, ended_at_ms - total_ms);
}

/** A greeting answers nobody and begins with its own sound. */
function firstSoundMs(turn: Turn, spoken: number | null): number | null {
  return isGreeting(turn) ? turn.started_at_ms : after(spoken, turn.first_audio_ms);
}

function after(from: number | null, duration: number | null): number | null {
  return from === null || duration === null ? null : from + duration;
}
