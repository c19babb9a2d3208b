-- Who shows a tenant's list of sessions live is notified of each that is new or changed. Commits
-- that notify wait for each other, so it is done only while somebody watches. A crash forgets who
-- watched; they say so again every few seconds.
CREATE UNLOGGED TABLE session_list_watches (
    tenant_id     uuid PRIMARY KEY,
    watched_until timestamptz NOT NULL,
    CONSTRAINT session_list_watches_tenant_known
        FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE CASCADE
) WITH (fillfactor = 50);

CREATE FUNCTION notify_session_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM session_list_watches
               WHERE tenant_id = NEW.tenant_id AND watched_until > now()) THEN
        PERFORM pg_notify('session_changes', NEW.tenant_id || '/' || NEW.id);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER sessions_notify_change AFTER INSERT OR UPDATE OF status, turn_count, config
    ON sessions FOR EACH ROW EXECUTE FUNCTION notify_session_change();
