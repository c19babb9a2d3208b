"""What a model makes of a session that is over."""
