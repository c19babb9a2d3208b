"""A session's spans, and the moments of its start."""
