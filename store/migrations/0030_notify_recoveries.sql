-- Who shows a tenant's list of sessions is told of a recovery, too.
CREATE OR REPLACE TRIGGER sessions_notify_change
    AFTER INSERT OR UPDATE OF status, turn_count, config, recoveries
    ON sessions FOR EACH ROW EXECUTE FUNCTION notify_session_change();
