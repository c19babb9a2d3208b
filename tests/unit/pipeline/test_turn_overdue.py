"""A final that was asked for and does not come."""

import pytest

from pipeline.audio import WINDOW_BYTES, WINDOW_S
from pipeline.ear import Window
from pipeline.endpointing import Endpointing
from pipeline.steps import Commit
from pipeline.turn import CallerTurn, Phase


def quiet(turn: CallerTurn, *, since: float, until: float) -> Commit | None:
    """Windows of silence since a last loud slice at `since`; the decision, if there is one."""
    at = since
    while at < until:
        at += WINDOW_S
        window = Window(at, bytes(WINDOW_BYTES), 0.0, False, 0, at - since)
        for step in turn.on_window(window):
            if isinstance(step, Commit):
                return step
    return None


def speaking_again(*, partials: bool) -> CallerTurn:
    """A turn with one final, in which the caller made another sound after it."""
    turn = CallerTurn(Endpointing())
    turn.phase = Phase.SPEAKING
    if partials:
        turn.on_partial("That is all", at=0.0)
    quiet(turn, since=0.0, until=0.13)
    turn.on_final("That is all.", at=0.14)
    turn.phase = Phase.SPEAKING
    return turn


@pytest.mark.parametrize(("partials", "waited_s"), [(True, 0.4), (False, 1.5)])
def test_a_flush_without_new_words_is_not_waited_for_long_where_partials_tell(
    partials: bool, waited_s: float
) -> None:
    turn = speaking_again(partials=partials)
    assert quiet(turn, since=1.0, until=1.0 + waited_s - WINDOW_S) is None
    commit = quiet(turn, since=1.0, until=1.0 + waited_s + 2 * WINDOW_S)
    assert commit is not None
    assert commit.text == "That is all."


def test_a_final_that_repeats_an_answered_partial_is_no_new_turn() -> None:
    turn = speaking_again(partials=True)
    turn.on_final("", at=1.0)
    turn.on_partial("thank you", at=0.0)
    quiet(turn, since=1.0, until=4.0)
    assert turn.phase is Phase.IDLE
    assert turn.on_final("Thank you.", at=4.1) == []
    assert turn.phase is Phase.IDLE
