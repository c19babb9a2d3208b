-- Workers tell that they are there and how full they are: LiveKit tells nobody which are registered.
CREATE TABLE workers (
    id       uuid PRIMARY KEY,
    host     text NOT NULL,
    active   integer NOT NULL,
    capacity integer NOT NULL,
    seen_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT workers_places_not_negative CHECK (active >= 0 AND capacity >= 0)
);
