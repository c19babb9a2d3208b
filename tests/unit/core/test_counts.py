"""Counting what mostly is not there."""

from core.counts import Counts


def test_what_there_is_none_of_any_more_is_forgotten() -> None:
    counts = Counts({"a": 2, "b": 1})
    for key in ("a", "b"):
        counts.less(key)
    assert dict(counts) == {"a": 1}
    assert counts["b"] == 0
