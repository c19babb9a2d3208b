-- A change of one of the two must fit the other, which another change may set at the same moment.
ALTER TABLE bots
    ADD CONSTRAINT bots_endpointing_delays_ordered
        CHECK ((config ->> 'max_endpointing_delay')::numeric
               >= (config ->> 'min_endpointing_delay')::numeric);
