"""The caller's turn, driven window by window."""

import math

import pytest

from pipeline.audio import WINDOW_S
from pipeline.ear import Window
from pipeline.endpointing import Endpointing
from pipeline.speculation import ANSWERS
from pipeline.steps import (
    Abandon,
    Begin,
    Commit,
    Discard,
    Overrun,
    Reword,
    Settle,
    Speculate,
    Step,
    Synthesise,
)
from pipeline.turn import CallerTurn, Phase

DONE = "Book a table."
OPEN = "Book a table and"


class Driven:
    """A turn, its clock, and the steps it took."""

    def __init__(self) -> None:
        self.turn = CallerTurn(Endpointing(min_delay_s=0.2, max_delay_s=0.8))
        self.steps: list[Step] = []
        self.at = 100.0
        self._silence_s = math.inf
        self._voiced_run = 0

    def voice(self, seconds: float) -> list[Step]:
        return self._windows(seconds, probability=0.9)

    def quiet(self, seconds: float, *, probability: float = 0.02) -> list[Step]:
        return self._windows(seconds, probability=probability)

    def partial(self, text: str) -> list[Step]:
        return self._keep(self.turn.on_partial(text, at=self.at))

    def final(self, text: str) -> list[Step]:
        return self._keep(self.turn.on_final(text, at=self.at))

    def _windows(self, seconds: float, *, probability: float) -> list[Step]:
        steps: list[Step] = []
        for _ in range(round(seconds / WINDOW_S)):
            self.at += WINDOW_S
            is_voiced = probability >= 0.5
            self._voiced_run = self._voiced_run + 1 if is_voiced else 0
            self._silence_s = 0.0 if is_voiced else self._silence_s + WINDOW_S
            window = Window(self.at, b"", probability, is_voiced, self._voiced_run, self._silence_s)
            steps += self.turn.on_window(window)
        return self._keep(steps)

    def _keep(self, steps: list[Step]) -> list[Step]:
        self.steps += steps
        return steps


@pytest.fixture
def driven() -> Driven:
    return Driven()


@pytest.fixture
def paused() -> Driven:
    """The caller spoke for a second and has just paused; a final was asked for."""
    driven = Driven()
    driven.voice(1.0)
    driven.quiet(0.1)
    assert driven.steps == [Begin(), Settle()]
    return driven


def test_one_window_of_voice_begins_nothing(driven: Driven) -> None:
    assert driven.voice(WINDOW_S) == []
    assert driven.quiet(1.0) == []
    assert driven.turn.voice_s == 0


def test_two_windows_of_voice_begin_a_turn(driven: Driven) -> None:
    assert driven.voice(2 * WINDOW_S) == [Begin()]
    assert driven.turn.phase is Phase.SPEAKING


def test_a_pause_asks_for_a_final_once(driven: Driven) -> None:
    driven.voice(1.0)
    assert driven.quiet(2 * WINDOW_S) == []
    assert driven.quiet(1.0) == [Settle()]


def test_a_final_in_the_pause_is_answered_in_advance_and_decided_later(paused: Driven) -> None:
    assert paused.final(DONE) == [Speculate(DONE), Synthesise()]
    (commit,) = paused.quiet(0.2)
    assert isinstance(commit, Commit)
    assert commit.text == DONE
    assert commit.final_at == pytest.approx(commit.speech_ended_at + 3 * WINDOW_S)
    assert commit.voice_s == pytest.approx(31 * WINDOW_S)
    assert paused.turn.phase is Phase.IDLE


def test_a_late_final_is_decided_on_at_once(paused: Driven) -> None:
    paused.quiet(0.3)
    speculate, _, commit = paused.final(DONE)
    assert speculate == Speculate(DONE)
    assert isinstance(commit, Commit)


def test_an_open_ending_is_waited_for_until_the_longest_delay(paused: Driven) -> None:
    paused.final(OPEN)
    assert paused.quiet(0.64) == []
    assert [type(step) for step in paused.quiet(0.1)] == [Commit]


def test_nothing_is_decided_while_the_model_still_hears_a_voice(paused: Driven) -> None:
    paused.final(DONE)
    assert paused.quiet(0.5, probability=0.4) == []
    assert [type(step) for step in paused.quiet(WINDOW_S)] == [Commit]


def test_speech_that_goes_on_discards_what_was_prepared(paused: Driven) -> None:
    paused.final(OPEN)
    assert paused.voice(2 * WINDOW_S) == [Discard()]
    assert paused.turn.phase is Phase.SPEAKING


def test_speech_that_goes_on_before_a_final_discards_nothing(paused: Driven) -> None:
    assert paused.voice(0.5) == []


def test_all_parts_between_pauses_are_one_turn(paused: Driven) -> None:
    paused.final("I want")
    paused.voice(0.5)
    paused.quiet(0.1)
    assert paused.final("a table.") == [Speculate("I want a table."), Synthesise()]
    (commit,) = paused.quiet(0.3)
    assert isinstance(commit, Commit)
    assert commit.text == "I want a table."


def test_a_complete_partial_is_answered_in_advance_while_the_caller_sounds(driven: Driven) -> None:
    driven.voice(1.0)
    assert driven.partial(DONE) == [Speculate(DONE)]
    assert driven.quiet(2 * WINDOW_S) == []
    assert driven.quiet(WINDOW_S) == [Settle(), Synthesise()]
    assert driven.final(DONE.upper()) == []


def test_more_words_than_were_answered_in_advance_are_answered_anew(driven: Driven) -> None:
    driven.voice(1.0)
    driven.partial("Book a table")
    assert driven.partial("Book a table for") == [Discard()]
    assert driven.partial("Book a table for two") == [Speculate("Book a table for two")]


def test_a_turn_starts_only_so_many_answers_while_the_caller_sounds(driven: Driven) -> None:
    driven.voice(0.5)
    texts = [f"Book a table, please {number} times" for number in range(1, 6)]
    started = [step for text in texts for step in driven.partial(text)]
    assert started == [*map(Speculate, texts[:3]), Discard()]
    assert driven.quiet(0.1) == [Settle(), Speculate(texts[-1]), Synthesise()]


def test_words_that_mostly_went_on_are_answered_only_in_the_pause(driven: Driven) -> None:
    for people in ("guests", "friends", "adults", "women", "men"):
        driven.voice(0.5)
        driven.partial("Book a table")
        driven.partial("Book a table for two")
        driven.quiet(0.1)
        driven.final(f"Book a table for two {people}.")
        driven.quiet(0.3)
        assert isinstance(driven.steps[-1], Commit)
    driven.voice(0.5)
    assert driven.partial("Book a table") == []
    assert driven.quiet(0.07) == []
    assert driven.quiet(WINDOW_S) == [Settle(), Speculate("Book a table"), Synthesise()]


def test_speech_that_lasts_earns_another_early_answer(driven: Driven) -> None:
    driven.voice(0.5)
    for number in range(1, 5):
        driven.partial(f"Book a table, please {number} times")
    driven.voice(2.0)
    assert driven.partial("Book a table after all") == [Speculate("Book a table after all")]


def test_a_few_words_are_answered_in_advance_only_once_it_is_quiet(driven: Driven) -> None:
    driven.voice(0.5)
    assert driven.partial("Yes please.") == []
    driven.voice(0.2)
    assert driven.quiet(WINDOW_S) == [Speculate("Yes please.")]


def test_a_partial_that_comes_in_the_pause_is_answered_at_once(paused: Driven) -> None:
    assert paused.partial(DONE) == [Speculate(DONE), Synthesise()]


def test_full_stops_are_waited_for_where_the_recogniser_sets_them(paused: Driven) -> None:
    paused.final(DONE)
    paused.quiet(0.3)
    paused.voice(0.5)
    paused.quiet(0.1)
    paused.final("Book a table")
    assert paused.quiet(0.6) == []
    assert [type(step) for step in paused.quiet(0.1)] == [Commit]


def test_a_final_with_other_words_than_its_partial_is_answered_anew(driven: Driven) -> None:
    driven.voice(1.0)
    driven.turn.on_partial(DONE, at=0.0)
    driven.quiet(0.1)
    assert driven.final("Book a cable.") == [Speculate("Book a cable."), Synthesise()]


def test_an_open_partial_is_not_answered_in_advance(driven: Driven) -> None:
    driven.voice(1.0)
    driven.turn.on_partial(OPEN, at=0.0)
    assert driven.quiet(2 * WINDOW_S) == []


def test_a_final_that_does_not_come_is_replaced_by_its_partial(paused: Driven) -> None:
    paused.turn.on_partial(DONE, at=0.0)
    assert paused.quiet(1.3) == []
    (commit,) = paused.quiet(0.2)
    assert isinstance(commit, Commit)
    assert (commit.text, commit.final_at) == (DONE, None)


def test_the_final_of_a_partial_that_was_answered_tells_nothing_however_often(
    paused: Driven,
) -> None:
    paused.turn.on_partial(DONE, at=0.0)
    paused.quiet(2.0)
    assert paused.final(DONE.casefold()) == []
    assert paused.final(DONE) == []
    assert paused.turn.phase is Phase.IDLE


def test_a_final_with_other_words_than_were_answered_rewords_the_turn(paused: Driven) -> None:
    paused.turn.on_partial(DONE, at=0.0)
    paused.quiet(2.0)
    assert paused.final("Look at the table.") == [Reword(1, DONE, "Look at the table.")]
    assert paused.turn.phase is Phase.IDLE


def test_a_final_of_an_utterance_that_was_taken_back_rewords_the_present_turn(
    paused: Driven,
) -> None:
    paused.turn.on_partial("Book a table for two", at=0.0)
    paused.quiet(2.0)
    paused.voice(0.5)
    paused.turn.reopen("Book a table for two", 1.0)
    assert paused.turn.on_final("Book a table for ten.", at=paused.at, utterance=1) == []
    assert paused.turn.text == "Book a table for ten."
    assert paused.turn.is_heard


@pytest.mark.parametrize("empty", ["", "  ", ".", "…"])
@pytest.mark.parametrize("is_quiet", [True, False])
def test_an_empty_final_leaves_the_words_that_were_shown(
    paused: Driven, is_quiet: bool, empty: str
) -> None:
    paused.turn.on_partial("I want a", at=0.0)
    if not is_quiet:
        paused.voice(0.5)
    paused.final(empty)
    assert paused.turn.text == "I want a"
    assert paused.turn.is_settled


@pytest.mark.parametrize(
    ("partial", "text"),
    [
        ("I want a refund", "I want a refund"),
        ("please", "I want a please"),
        ("I wanted a refund", "I wanted a refund"),
        ("I", "I want a I"),
    ],
)
def test_what_follows_an_empty_final_tells_whether_recognition_began_anew(
    paused: Driven, partial: str, text: str
) -> None:
    paused.turn.on_partial("I want a", at=0.0)
    paused.voice(0.5)
    paused.final("")
    paused.partial(partial)
    assert paused.turn.text == text


def test_a_final_that_was_not_asked_for_may_hold_the_one_before(paused: Driven) -> None:
    paused.final("I want a")
    paused.final("I want a table.")
    assert paused.turn.text == "I want a table."


def test_finals_of_forgotten_words_count_only_for_what_is_new(paused: Driven) -> None:
    paused.turn.on_partial("okay", at=0.0)
    paused.turn.forget()
    assert paused.final("Okay, but what does it cost?")[0] == Speculate("but what does it cost?")


def test_of_words_that_typed_ones_replaced_nothing_counts(paused: Driven) -> None:
    paused.turn.on_partial("I want", at=0.0)
    paused.turn.forget(is_void=True)
    assert paused.final("I want a table.") == []
    assert paused.turn.text == ""


def test_an_utterance_of_long_ago_has_words_of_its_own(driven: Driven) -> None:
    for number in range(6):
        driven.voice(0.5)
        driven.quiet(0.1)
        driven.final(f"Book table number {number}00.")
        driven.quiet(1.0)
    assert driven.turn.on_final("Book table number 0.", at=driven.at, utterance=1) != []


@pytest.mark.parametrize("empty", ["", " ", "."])
def test_a_sound_without_words_is_abandoned(paused: Driven, empty: str) -> None:
    assert paused.final(empty) == [Abandon()]
    assert paused.turn.phase is Phase.IDLE


def test_a_sound_that_recognition_says_nothing_about_is_abandoned_in_the_end(
    paused: Driven,
) -> None:
    assert paused.quiet(3.8) == []
    assert paused.quiet(0.2) == [Abandon()]


def test_words_after_the_turn_open_one_of_their_own(paused: Driven) -> None:
    paused.final(DONE)
    paused.quiet(0.5)
    assert paused.final("For two.") == [Speculate("For two."), Synthesise()]
    (commit,) = paused.quiet(0.3)
    assert isinstance(commit, Commit)
    assert commit.text == "For two."


def test_going_on_after_late_words_opens_the_recogniser_again(paused: Driven) -> None:
    paused.final(DONE)
    paused.quiet(0.5)
    paused.final("For")
    assert not paused.turn.is_heard
    assert paused.voice(2 * WINDOW_S) == [Begin(), Discard()]
    assert paused.turn.is_heard


def test_no_words_after_the_turn_open_nothing(paused: Driven) -> None:
    paused.final(DONE)
    paused.quiet(0.5)
    assert paused.final(" ") == []
    paused.turn.on_partial("For two", at=0.0)
    assert paused.turn.text == ""
    assert paused.turn.phase is Phase.IDLE


def test_a_turn_that_was_decided_too_early_goes_on(driven: Driven) -> None:
    driven.voice(0.5)
    driven.turn.reopen(OPEN, 1.5)
    driven.quiet(0.1)
    assert driven.final("a taxi.") == [Speculate(f"{OPEN} a taxi."), Synthesise()]
    (commit,) = driven.quiet(0.3)
    assert isinstance(commit, Commit)
    assert commit.voice_s == pytest.approx(1.5 + 16 * WINDOW_S)


def test_a_forgotten_turn_leaves_nothing(paused: Driven) -> None:
    paused.final(OPEN)
    paused.turn.forget()
    assert (paused.turn.text, paused.turn.phase) == ("", Phase.IDLE)
    assert paused.quiet(5.0) == []


def test_a_turn_that_is_cut_off_collects_without_deciding(paused: Driven) -> None:
    paused.turn.cut_off()
    assert paused.final("I want") == []
    assert not paused.turn.is_settled
    assert paused.final("a table.") == []
    assert paused.turn.is_settled
    assert paused.turn.text == "I want a table."


def test_a_partial_that_may_lack_the_last_word_is_not_answered_in_advance(driven: Driven) -> None:
    driven.voice(1.0)
    driven.turn.on_partial(DONE, at=driven.at - 0.05)
    assert driven.quiet(WINDOW_S) == []


def test_a_sound_without_new_words_leaves_the_answer_to_the_old_ones(paused: Driven) -> None:
    paused.final(DONE)
    assert paused.voice(2 * WINDOW_S) == [Discard()]
    assert paused.quiet(0.1) == [Settle(), Speculate(DONE), Synthesise()]


def test_a_turn_without_an_end_is_over_at_its_longest(driven: Driven) -> None:
    driven.voice(20.0)
    driven.partial("And so on")
    (overrun, *_) = [step for step in driven.voice(12.0) if not isinstance(step, Discard)]
    assert isinstance(overrun, Overrun)
    assert (overrun.number, overrun.n_wordless) == (1, 0)
    assert overrun.words is not None
    assert overrun.words.text == "And so on"
    assert driven.steps[-1] == Begin()


def test_one_that_flickers_and_is_never_quiet_is_over_as_well(driven: Driven) -> None:
    driven.voice(1.0)
    driven.quiet(0.2)
    driven.final("And so on.")
    steps = driven.quiet(30.0, probability=0.4)
    assert [type(step) for step in steps] == [Overrun]


def test_turns_without_an_end_are_counted_until_one_ends_by_itself(driven: Driven) -> None:
    driven.voice(62.0)
    numbers = [step.number for step in driven.steps if isinstance(step, Overrun)]
    assert numbers == [1, 2]
    driven.quiet(0.1)
    driven.final(DONE)
    driven.quiet(0.3)
    assert isinstance(driven.steps[-1], Commit)
    (overrun,) = [step for step in driven.voice(31.0) if isinstance(step, Overrun)]
    assert (overrun.number, overrun.n_wordless) == (1, 1)


def test_what_follows_a_turn_without_an_end_is_not_answered_in_advance(driven: Driven) -> None:
    driven.voice(31.0)
    driven.quiet(0.1)
    assert driven.final(DONE) == []
    (commit,) = driven.quiet(0.3)
    assert isinstance(commit, Commit)


def test_a_long_turn_starts_only_so_many_answers(driven: Driven) -> None:
    driven.voice(0.5)
    for number in range(20):
        driven.voice(0.3)
        driven.quiet(0.1)
        driven.final(f"Here is sentence {number}.")
    assert len([step for step in driven.steps if isinstance(step, Speculate)]) == ANSWERS + 1
