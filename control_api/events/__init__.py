"""What happens in sessions, told as it happens."""
