"""What looks after sessions that nobody looks after."""
