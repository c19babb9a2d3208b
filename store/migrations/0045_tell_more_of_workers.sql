-- Which process a worker is, for which dispatches it is there, and whether it takes any more.
ALTER TABLE workers
    ADD COLUMN pid         integer NOT NULL DEFAULT 0,
    ADD COLUMN agent_name  text NOT NULL DEFAULT '',
    ADD COLUMN is_draining boolean NOT NULL DEFAULT false;
