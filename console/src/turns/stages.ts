import type { Milliseconds, Turn } from "../api/turn";

export type StageKey =
  | "eou_delay_ms"
  | "stt_ms"
  | "first_token_ms"
  | "tts_ttfb_ms"
  | "first_audio_ms";

/**
 * The mark that a stage is counted from: the end of the caller's speech, or the stage's own request,
 * which may go out before the turn is decided.
 */
type Mark = "speech_ended_at_ms" | "llm_requested_at_ms" | "tts_requested_at_ms";

export const STAGES: readonly { key: StageKey; from: Mark }[] = [
  { key: "eou_delay_ms", from: "speech_ended_at_ms" },
  { key: "stt_ms", from: "speech_ended_at_ms" },
  { key: "first_token_ms", from: "llm_requested_at_ms" },
  { key: "tts_ttfb_ms", from: "tts_requested_at_ms" },
  { key: "first_audio_ms", from: "speech_ended_at_ms" },
];

/** It answers nobody. Words alone do not tell: they may be erased, or were never to be kept. */
export function isGreeting(turn: Turn): boolean {
  return turn.user_transcript === "" && turn.speech_ended_at_ms === null;
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
