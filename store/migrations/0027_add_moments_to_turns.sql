-- Where a turn's stages stand on the session's time axis: their lengths alone do not tell, since an
-- answer is begun before the turn is decided.
ALTER TABLE turns
    ADD COLUMN speech_ended_at_ms  integer,
    ADD COLUMN llm_requested_at_ms integer,
    ADD COLUMN tts_requested_at_ms integer,
    ADD CONSTRAINT turns_moments_not_negative
        CHECK (speech_ended_at_ms >= 0 AND llm_requested_at_ms >= 0 AND tts_requested_at_ms >= 0);
