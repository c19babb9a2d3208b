import type { Turn } from "../api/turn";

/** A turn in which nothing was measured, but for what a test says. */
export function aTurn(part: Partial<Turn>): Turn {
  return {
    turn_index: 1,
    user_transcript: "Hello?",
    agent_response: "Hello.",
    interrupted: false,
    llm_model: "kimi-k2.5",
    eou_delay_ms: null,
    stt_ms: null,
    first_token_ms: null,
    tts_ttfb_ms: null,
    first_audio_ms: null,
    total_ms: null,
    started_at_ms: null,
    ended_at_ms: null,
    speech_ended_at_ms: null,
    llm_requested_at_ms: null,
    tts_requested_at_ms: null,
    ...part,
  };
}
