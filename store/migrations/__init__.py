"""Numbered, forward-only SQL files; `store.migrate` applies them in order."""
