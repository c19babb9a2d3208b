from sandbox.script import SpokenPause, Utterance
from sandbox.scripted.spoken import SpokenWords

FOUR = Utterance("one two four five", 1500)
"""Words of 300, 300, 400 and 400 of 1400 parts."""
PAUSED = Utterance("one two three four five", 1900, pauses=(SpokenPause(3, 1100),))


def count(entry: Utterance, heard_ms: int, silence_ms: int = 0) -> int:
    words = SpokenWords(entry)
    words.hear(1.0, heard_ms, silence_ms)
    return words.count()


def test_a_word_is_spoken_when_its_last_sample_was_heard() -> None:
    assert [count(FOUR, ms) for ms in (0, 320, 322, 642, 643, 1071, 1072)] == [0, 0, 1, 1, 2, 2, 3]


def test_the_last_word_is_spoken_when_silence_follows() -> None:
    assert count(FOUR, 1500) == 3
    assert count(FOUR, 1500, silence_ms=40) == 4


def test_of_a_voice_that_a_transport_trimmed_silence_tells_the_end() -> None:
    assert count(FOUR, 1340, silence_ms=200) == 3
    assert count(FOUR, 1360, silence_ms=200) == 4


def test_the_last_word_counts_from_its_end_and_not_from_the_silence_that_told() -> None:
    words = SpokenWords(FOUR)
    words.hear(1.0, 1480, 0)
    words.hear(1.1, 1480, 100)
    assert (words.count(0.9), words.count(1.0)) == (0, 4)


def test_at_a_pause_just_the_words_before_it_are_spoken() -> None:
    assert [count(PAUSED, ms, 90) for ms in (1080, 1100, 1150)] == [3, 3, 3]
    assert [count(PAUSED, ms) for ms in (1150, 1188, 1500, 1900)] == [2, 3, 4, 4]


def test_a_dip_inside_of_a_word_is_not_its_end() -> None:
    assert count(FOUR, 1360, silence_ms=30) == 3


def test_an_entry_may_say_where_its_words_end() -> None:
    entry = Utterance("one two", 1000, word_ends_ms=(800, 1000))
    assert [count(entry, ms) for ms in (790, 800)] == [0, 1]


def test_without_a_duration_words_come_at_a_steady_pace() -> None:
    entry = Utterance("one two")
    assert [count(entry, ms, 90) for ms in (100, 310, 600)] == [0, 1, 2]
