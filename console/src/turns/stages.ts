import type { Milliseconds, Turn } from "../api/turn";

export type StageKey =
  | "eou_delay_ms"
  | "stt_ms"
  | "first_token_ms"
  | "tts_ttfb_ms"
  | "first_audio_ms";

/**
 * `speech`: counted from the end of the caller's speech. `request`: counted from the stage's own
 * request, which may go out before the turn is decided.
 */
type Clock = "speech" | "request";

export const STAGES: readonly { key: StageKey; clock: Clock }[] = [
  { key: "eou_delay_ms", clock: "speech" },
  { key: "stt_ms", clock: "speech" },
  { key: "first_token_ms", clock: "request" },
  { key: "tts_ttfb_ms", clock: "request" },
  { key: "first_audio_ms", clock: "speech" },
];

export function isGreeting(turn: Turn): boolean {
  return turn.user_transcript === "";
}

/** The median of what callers waited; greetings answer nobody and do not count. */
export function medianFirstAudioMs(turns: readonly Turn[]): Milliseconds {
  const waits = turns
    .filter((turn) => !isGreeting(turn))
    .map((turn) => turn.first_audio_ms)
    .filter((wait) => wait !== null)
    .sort((a, b) => a - b);
  const upper = waits[Math.floor(waits.length / 2)];
  const lower = waits[Math.floor((waits.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
