-- What voices sound like, so that nobody has the same sentence made again and again.
CREATE UNLOGGED TABLE voice_samples (
    voice    text NOT NULL,
    language text NOT NULL,
    made_of  bytea NOT NULL,
    wav      bytea NOT NULL,
    CONSTRAINT voice_samples_pkey PRIMARY KEY (voice, language)
);
