-- The greeting is turn 0. A stage that was not measured is NULL, never 0.
CREATE TABLE turns (
    id              uuid PRIMARY KEY,
    session_id      uuid NOT NULL,
    turn_index      integer NOT NULL,
    user_transcript text NOT NULL,
    agent_response  text NOT NULL,
    interrupted     boolean NOT NULL,
    stt_ms          integer,
    first_token_ms  integer,
    tts_ttfb_ms     integer,
    first_audio_ms  integer,
    eou_delay_ms    integer,
    total_ms        integer,
    llm_model       text,
    language        text,
    started_at_ms   integer,
    ended_at_ms     integer,
    caller_audio_s  double precision NOT NULL,
    agent_audio_s   double precision NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT turns_session_known FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT turns_index_unique UNIQUE (session_id, turn_index),
    CONSTRAINT turns_index_not_negative CHECK (turn_index >= 0),
    CONSTRAINT turns_stages_not_negative
        CHECK (stt_ms >= 0 AND first_token_ms >= 0 AND tts_ttfb_ms >= 0 AND first_audio_ms >= 0
               AND eou_delay_ms >= 0 AND total_ms >= 0),
    CONSTRAINT turns_times_ordered
        CHECK (started_at_ms >= 0 AND ended_at_ms >= 0 AND ended_at_ms >= started_at_ms),
    CONSTRAINT turns_audio_not_negative CHECK (caller_audio_s >= 0 AND agent_audio_s >= 0)
);
