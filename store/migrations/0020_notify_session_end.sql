-- Whoever ends a session wakes those who watch it; events notify by themselves.
CREATE FUNCTION notify_session_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('session_events', NEW.id::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER sessions_notify_end AFTER UPDATE OF status ON sessions FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION notify_session_end();
