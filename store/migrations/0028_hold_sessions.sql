-- Which worker's job a session belongs to. Each claim raises `epoch`; what a job writes names the
-- epoch that it was given and touches nothing once another has claimed the session. `seat` numbers
-- the agent's identity in the room: a successor takes the next one, as LiveKit ends the job of an
-- identity that is put out, which must not be its own.
ALTER TABLE sessions
    ADD COLUMN epoch      integer NOT NULL DEFAULT 0,
    ADD COLUMN seat       integer NOT NULL DEFAULT 0,
    ADD COLUMN recoveries integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT sessions_holds_not_negative
        CHECK (epoch >= 0 AND seat >= 0 AND recoveries >= 0);

-- What changes every second while a job holds a session, apart from the session's own row. `memory`
-- is the conversation as the job has it in mind, `open_turn` and `unbilled` the rows that are owed
-- should nobody go on with it: a turn as it is so far, and charges that no turn has carried yet.
CREATE TABLE session_holds (
    session_id  uuid PRIMARY KEY,
    holder      text NOT NULL,
    lease_until timestamptz NOT NULL,
    successor   text,
    memory      jsonb,
    open_turn   jsonb,
    unbilled    jsonb,
    CONSTRAINT session_holds_session_known
        FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
) WITH (fillfactor = 50);
