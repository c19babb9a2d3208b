"""What a browser shows: the console, and the description for people."""
