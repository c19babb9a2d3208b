-- What has served until now is each bot's first version. One that is being deleted is waited for.
INSERT INTO bot_versions (bot_id, number, system_prompt, config, published_at)
SELECT id, version, system_prompt, config, updated_at FROM bots FOR KEY SHARE
ON CONFLICT DO NOTHING;
