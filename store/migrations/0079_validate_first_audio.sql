-- online
ALTER TABLE turns VALIDATE CONSTRAINT turns_first_audio_not_negative
