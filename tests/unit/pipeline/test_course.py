"""Where a conversation stands, step by step."""

from collections.abc import Callable

import pytest

from pipeline.course import Course, Stage
from pipeline.events import Ending

Way = Callable[[Course], Course]

GREETING = Course().begun()
OPEN = GREETING.sounded()
LEAVING = OPEN.left()
AWAY = LEAVING.settled()
WINDING_DOWN = OPEN.winding_down(Ending.MAX_DURATION)
OVER = OPEN.over(Ending.NO_INPUT)
REPLACED = OPEN.replaced()
STAGES = (Course(), GREETING, OPEN, LEAVING, AWAY, WINDING_DOWN, OVER, REPLACED)


def test_a_conversation_goes_from_its_greeting_to_its_end() -> None:
    assert [course.stage for course in STAGES] == list(Stage)


def test_a_caller_who_is_back_before_the_agent_was_heard_is_greeted_still() -> None:
    assert GREETING.left().back() == GREETING
    assert AWAY.back() == OPEN


def test_one_that_another_process_has_begun_goes_on() -> None:
    assert Course().begun(has_spoken=True) == OPEN
    assert Course().begun(has_spoken=False) == GREETING


def test_what_fails_before_the_agent_was_heard_has_not_started() -> None:
    assert GREETING.failure is Ending.START_FAILED
    assert GREETING.left().failure is Ending.START_FAILED
    assert OPEN.failure is Ending.AGENT_ERROR
    assert AWAY.failure is Ending.AGENT_ERROR


@pytest.mark.parametrize(
    ("course", "is_deaf"),
    list(zip(STAGES, (False, False, False, True, False, True, True, True), strict=True)),
)
def test_nothing_is_heard_while_last_words_are_awaited_or_it_ends(
    course: Course, is_deaf: bool
) -> None:
    assert course.is_deaf is is_deaf


@pytest.mark.parametrize("course", STAGES[:5])
def test_it_can_end_from_anywhere(course: Course) -> None:
    assert course.winding_down(Ending.MAX_DURATION).stage is Stage.WINDING_DOWN
    assert course.over(Ending.AGENT_ERROR).ending is Ending.AGENT_ERROR
    assert course.replaced().stage is Stage.REPLACED


def test_the_first_reason_to_end_counts() -> None:
    assert WINDING_DOWN.winding_down(Ending.AGENT_ERROR) is WINDING_DOWN
    assert OVER.over(Ending.AGENT_ERROR) is OVER
    assert WINDING_DOWN.over() == Course(Stage.OVER, True, Ending.MAX_DURATION)


@pytest.mark.parametrize("course", [WINDING_DOWN, OVER, REPLACED])
@pytest.mark.parametrize("way", [Course.begun, Course.left, Course.settled, Course.back])
def test_nothing_leads_back_from_its_end(course: Course, way: Way) -> None:
    assert way(course) is course


def test_one_that_was_replaced_stays_so() -> None:
    assert REPLACED.over(Ending.NO_INPUT) is REPLACED
    assert REPLACED.sounded().stage is Stage.REPLACED


def test_a_caller_who_leaves_twice_was_away_once() -> None:
    assert AWAY.left().settled().back() == OPEN
    assert OPEN.settled() is OPEN
    assert OPEN.back() is OPEN


def test_nobody_leaves_what_has_not_begun() -> None:
    assert Course().left().settled().back().stage is Stage.PREPARING
