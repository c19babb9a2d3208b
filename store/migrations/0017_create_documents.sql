-- What a bot knows. The `english` configuration finds the other languages' words as they are.
CREATE TABLE documents (
    id         uuid PRIMARY KEY,
    bot_id     uuid NOT NULL,
    name       text NOT NULL,
    content    text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT documents_bot_known FOREIGN KEY (bot_id) REFERENCES bots (id) ON DELETE CASCADE,
    CONSTRAINT documents_name_length CHECK (char_length(name) BETWEEN 1 AND 255),
    CONSTRAINT documents_content_length CHECK (char_length(content) BETWEEN 1 AND 100000)
);

CREATE INDEX documents_by_bot ON documents (bot_id, created_at DESC, id DESC);

-- A document in pieces small enough to be given to a model beside a question. Their words are kept
-- without positions: which of the question's words are there is what counts, and ranks quickly.
CREATE TABLE passages (
    document_id uuid NOT NULL,
    number      integer NOT NULL,
    bot_id      uuid NOT NULL,
    content     text NOT NULL,
    words       tsvector NOT NULL GENERATED ALWAYS AS (strip(to_tsvector('english', content))) STORED,
    PRIMARY KEY (document_id, number),
    CONSTRAINT passages_document_known
        FOREIGN KEY (document_id) REFERENCES documents (id) ON DELETE CASCADE
);

CREATE INDEX passages_by_bot ON passages (bot_id);
CREATE INDEX passages_by_words ON passages USING gin (words);
