"""The room as a session sees it: sound, text and who is there."""
