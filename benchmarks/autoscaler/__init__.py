"""An autoscaled fleet against a day's callers, in virtual time."""
