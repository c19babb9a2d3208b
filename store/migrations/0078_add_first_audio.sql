-- When the first sound of a turn's reply left, and of a session's first one, from the session's start.
ALTER TABLE turns ADD COLUMN first_audio_at_ms integer;
ALTER TABLE turns ADD CONSTRAINT turns_first_audio_not_negative
    CHECK (first_audio_at_ms >= 0) NOT VALID;
ALTER TABLE sessions ADD COLUMN first_sound_ms integer;
