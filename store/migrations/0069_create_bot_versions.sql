-- What serves a bot's sessions: its draft, which is the row in `bots`, as it was when it was published.
-- A bot is published at its creation, also by the release before, which knows of no versions.
ALTER TABLE bots ADD COLUMN version integer NOT NULL DEFAULT 1;

CREATE TABLE bot_versions (
    bot_id            uuid NOT NULL,
    number            integer NOT NULL,
    system_prompt     text,
    config            jsonb NOT NULL,
    changed_fields    text[] NOT NULL DEFAULT '{}',
    published_at      timestamptz NOT NULL DEFAULT now(),
    published_by_kind text,
    published_by_id   text,
    PRIMARY KEY (bot_id, number),
    CONSTRAINT bot_versions_bot_known FOREIGN KEY (bot_id) REFERENCES bots (id) ON DELETE CASCADE,
    CONSTRAINT bot_versions_number_from_one CHECK (number >= 1)
);

CREATE FUNCTION publish_new_bot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bot_versions (bot_id, number, system_prompt, config, published_at)
    VALUES (NEW.id, NEW.version, NEW.system_prompt, NEW.config, NEW.created_at)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER bots_are_published AFTER INSERT ON bots
    FOR EACH ROW EXECUTE FUNCTION publish_new_bot();
