"""`vaarta`: one file a command; the only place that starts processes."""
