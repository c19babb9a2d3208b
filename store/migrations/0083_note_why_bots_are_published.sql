-- Why a version was published, as whoever did it put it in a line.
ALTER TABLE bot_versions ADD COLUMN note text;
ALTER TABLE audit ADD COLUMN note text;
