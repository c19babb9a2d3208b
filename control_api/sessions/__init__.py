"""Voice sessions: made, listed, read, ended; their rooms and the tokens that lead there."""
