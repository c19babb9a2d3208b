"""Comparing what was said with what was written down."""

from collections import Counter


def words(text: str) -> Counter[str]:
    """In any case and with any punctuation."""
    return Counter(word.strip(".,!?;:।").lower() for word in text.split())


def words_missing(said: str, recorded: str) -> int:
    """Words of `said` that `recorded` lacks."""
    return (words(said) - words(recorded)).total()
