"""Whether this process, and all that a session needs, is in order."""
