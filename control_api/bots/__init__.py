"""Bots: prompts and configs that sessions can start from, and what they know."""
