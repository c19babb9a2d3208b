"""`vaarta dev`: the whole system on one machine."""
