from collections import Counter

from benchmarks.session_writes import Stood


def stood(at_s: float, **counts: int) -> Stood:
    return Stood(at_s, Counter(counts))


def test_what_is_done_by_itself_does_not_count() -> None:
    standing = stood(20, turns=0, looks=40).a_second_since(stood(0, turns=0, looks=0))
    done = stood(80, turns=6, looks=165).since(stood(20, turns=0, looks=40), standing)
    assert done == {"turns": 6, "looks": 5}
