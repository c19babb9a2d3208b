from dataclasses import replace

from benchmarks.false_interruption import Outcome

WHOLE = Outcome(is_whole=True, words=27, tones=27, gap_ms=300.0)


def test_an_answer_of_which_every_word_was_heard_went_on() -> None:
    assert WHOLE.goes_on


def test_a_word_that_is_said_again_is_no_loss() -> None:
    assert replace(WHOLE, tones=28).goes_on


def test_a_lost_word_is_a_loss_whatever_the_transcript_says() -> None:
    assert not replace(WHOLE, tones=26).goes_on


def test_an_answer_that_was_cut_did_not_go_on() -> None:
    assert not replace(WHOLE, is_whole=False).goes_on
