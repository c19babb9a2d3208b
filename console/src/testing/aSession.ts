import type { Session } from "../api/sessions";

/** A session that nobody has joined, but for what a test says. */
export function aSession(part: Partial<Session> = {}): Session {
  return {
    id: "7c2b9e30-0000-4000-8000-000000000001",
    bot_id: null,
    status: "created",
    config: { language: "en-IN", voice: "shubh", llm_model: "kimi-k2.5" },
    started_at: null,
    ended_at: null,
    duration_seconds: null,
    turn_count: 0,
    end_reason: null,
    metadata: null,
    created_at: "2026-11-26T10:00:00.000Z",
    ...part,
  };
}
