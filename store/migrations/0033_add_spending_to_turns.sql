-- What a turn asked of model and voice: for the answer that was heard, and in vain. Null in turns
-- from before this was counted.
ALTER TABLE turns
    ADD COLUMN discarded_answers       integer,
    ADD COLUMN used_input_tokens       integer,
    ADD COLUMN used_output_tokens      integer,
    ADD COLUMN used_characters         integer,
    ADD COLUMN discarded_input_tokens  integer,
    ADD COLUMN discarded_output_tokens integer,
    ADD COLUMN discarded_characters    integer,
    ADD CONSTRAINT turns_spending_not_negative CHECK (
        discarded_answers >= 0
        AND used_input_tokens >= 0 AND used_output_tokens >= 0 AND used_characters >= 0
        AND discarded_input_tokens >= 0 AND discarded_output_tokens >= 0
        AND discarded_characters >= 0
    );
