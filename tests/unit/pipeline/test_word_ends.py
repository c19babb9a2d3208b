"""A sound that breaks off is cut at the end of a word, and the count of the words is right."""

import numpy as np
import pytest

from pipeline.audio import AGENT_BYTES_PER_S
from pipeline.word_ends import Cut, Pace, find_cut, find_dips
from tests.unit.pipeline.fake_tts import tones

TEXT = "We are open from nine to six on weekdays, and ten to four on Saturdays."
WORDS = TEXT.split()


def n_bytes(seconds: float) -> int:
    return round(seconds * AGENT_BYTES_PER_S / 2) * 2


def known(ms_per_char: int = 60) -> Pace:
    pace = Pace()
    greeting = "Hello there, how may I help you today?"
    pace.learn(greeting, tones(greeting, ms_per_char))
    return pace


def whole_words(pcm: bytes) -> int:
    """How many words `pcm` holds when it ends in a dip."""
    return len(find_dips(pcm))


@pytest.mark.parametrize("ms_per_char", [30, 60, 90])
@pytest.mark.parametrize("is_known", [True, False])
def test_wherever_it_breaks_off_the_count_is_right(ms_per_char: int, is_known: bool) -> None:
    sound = tones(TEXT, ms_per_char)
    pace = known(ms_per_char) if is_known else Pace()
    for size in range(n_bytes(0.5), len(sound), n_bytes(0.13)):
        n_given = size - n_bytes(0.45)
        cut = find_cut(WORDS, sound[:size], n_given, pace)
        if not cut.is_within_word:
            assert cut.n_words == whole_words(sound[: cut.n_bytes])
            assert n_given <= cut.n_bytes <= size


def test_the_surest_of_several_dips_is_taken() -> None:
    """A voice that runs words together, and dips inside of one: only the pause is beyond doubt."""
    run_on = [
        tones("Certainlysir,"),
        bytes(n_bytes(0.3)),
        tones("thereisa"),
        tones("ta"),
        tones("b"),
    ]
    words = "Certainly sir, there is a table.".split()
    cut = find_cut(words, b"".join(run_on), n_bytes(0.3), known())
    assert cut.n_words == 2
    assert cut.n_bytes == len(run_on[0]) + len(run_on[1])


def test_a_word_that_was_given_for_the_greater_part_is_not_said_again() -> None:
    sound = tones(TEXT)
    heard, hardly = n_bytes(0.16 + 0.15), n_bytes(0.16 + 0.05)
    assert find_cut(WORDS, sound[:heard], heard, known()) == Cut(2, heard, is_within_word=True)
    assert find_cut(WORDS, sound[:hardly], hardly, known()) == Cut(1, hardly, is_within_word=True)


def test_all_words_with_the_silence_after_them_leave_nothing_to_say() -> None:
    sound = tones(TEXT) + bytes(n_bytes(0.2))
    assert find_cut(WORDS, sound, n_bytes(3.9), known()).n_words == len(WORDS)


def test_sound_that_never_came_or_never_dips_is_gone_on_from_at_the_first_word() -> None:
    assert find_cut(WORDS, b"", 0, known()) == Cut(0, 0)
    assert find_cut(WORDS, bytes(n_bytes(0.3)), 0, known()) == Cut(0, 0)
    assert find_cut([], tones("what"), 0, known()).n_words == 0
    noise = np.random.default_rng(1).integers(-9000, 9000, 4800).astype("<i2").tobytes()
    assert find_cut(WORDS, noise, 0, known()) == Cut(0, 0)
