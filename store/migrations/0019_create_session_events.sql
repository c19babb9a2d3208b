-- The live events of a session. Its feed's row is the lock under which they are numbered, so that
-- who sees a number sees every one below it. The end takes the last number and has no row: it is
-- the session as it is then. `last_write` names the write that counted last, which may be repeated.
CREATE TABLE session_feeds (
    session_id    uuid PRIMARY KEY,
    last_number   integer NOT NULL DEFAULT 0,
    last_write    uuid,
    agent_left    boolean NOT NULL DEFAULT false,
    is_closed     boolean NOT NULL DEFAULT false,
    is_purged     boolean NOT NULL DEFAULT false,
    watched_until timestamptz,
    CONSTRAINT session_feeds_session_known
        FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT session_feeds_purged_is_closed CHECK (is_closed OR NOT is_purged)
) WITH (fillfactor = 50);

CREATE INDEX session_feeds_to_purge ON session_feeds (session_id) WHERE NOT is_purged;

-- `data` is null for a turn: that is told as it is stored.
CREATE TABLE session_events (
    session_id uuid NOT NULL,
    number     integer NOT NULL,
    kind       text NOT NULL,
    data       jsonb,
    turn_id    uuid,
    PRIMARY KEY (session_id, number),
    CONSTRAINT session_events_feed_known
        FOREIGN KEY (session_id) REFERENCES session_feeds (session_id) ON DELETE CASCADE,
    CONSTRAINT session_events_kind_known CHECK (kind IN ('state', 'transcript', 'turn')),
    CONSTRAINT session_events_is_whole
        CHECK ((kind = 'turn') = (turn_id IS NOT NULL) AND (kind = 'turn') = (data IS NULL))
);
