-- What a turn's answer called and what came of it, for the model of whoever goes on with the
-- session. Null where it called nothing.
ALTER TABLE turns ADD COLUMN tool_rounds jsonb;
