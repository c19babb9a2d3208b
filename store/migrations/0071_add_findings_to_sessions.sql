-- What an analysis found of a session, as far as lists are filtered by it and show it.
ALTER TABLE sessions
    ADD COLUMN disposition text,
    ADD COLUMN sentiment   text,
    ADD COLUMN goal_met    boolean;

CREATE OR REPLACE TRIGGER sessions_notify_change
    AFTER INSERT OR UPDATE OF status, turn_count, config, disposition, sentiment, goal_met
    ON sessions FOR EACH ROW EXECUTE FUNCTION notify_session_change();
