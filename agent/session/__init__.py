"""The life of one session, in a job's own process."""
