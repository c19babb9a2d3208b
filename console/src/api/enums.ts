// Made from the OpenAPI document by `python -m tests.console_enums`; a test keeps it so.

/** Every closed list of words in what the API takes and answers. */
export const ENUMS = {
  AnalysisError: [
    "nothing_said",
    "insufficient_credits",
    "model_unavailable",
    "model_failed",
    "answer_unfit",
  ],
  AnalysisStatus: ["pending", "ready", "failed"],
  CatalogVoiceGender: ["female", "male"],
  ChecksDatabase: ["ok", "unavailable", "read-only"],
  ChecksLivekit: ["ok", "unavailable"],
  ChecksProcess: ["ok", "draining"],
  DeliveryStatus: ["pending", "succeeded", "failed"],
  EndReason: [
    "caller_hangup",
    "agent_closed",
    "max_duration",
    "no_input",
    "budget_exhausted",
    "api_delete",
    "agent_error",
    "start_failed",
    "concurrency_limit",
    "timeout",
    "token_expired",
  ],
  EntryKind: ["grant", "charge", "adjustment"],
  Grouping: ["model", "voice", "language", "hour", "day"],
  Plan: ["free", "starter", "pro", "enterprise"],
  ReadyStatus: ["ok", "unavailable"],
  RecordingChannels: ["caller", "agent"],
  RefusalType: [
    "invalid_request_error",
    "authentication_error",
    "insufficient_quota",
    "permission_error",
    "rate_limit_error",
    "api_error",
  ],
  Service: ["stt", "llm", "tts"],
  SessionSentiment: ["positive", "neutral", "negative"],
  SessionStatus: ["created", "active", "completed", "failed", "timeout"],
  Stage: ["stt_ms", "eou_delay_ms", "first_token_ms", "tts_ttfb_ms", "first_audio_ms", "total_ms"],
  TalkedPunctuation: ["sentences", "end", "none"],
  TalkedStandIns: ["recognition", "voice", "model"],
  TurnToolCallOutcome: ["succeeded", "failed", "timed_out", "refused", "unknown_tool"],
  Verdict: ["eligible", "too_slow", "unsupported", "unmeasured"],
  VoiceModelStatus: ["available", "maintenance", "retired"],
  WebhookEvent: [
    "voice_session.started",
    "voice_session.connected",
    "voice_session.ended",
    "voice_session.failed",
    "voice_session.analyzed",
    "webhook.disabled",
  ],
} as const;

/** One of the words of a list. */
export type Enum<Name extends keyof typeof ENUMS> = (typeof ENUMS)[Name][number];
