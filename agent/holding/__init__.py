"""Who holds a session: claimed, kept, handed over, parted from."""
