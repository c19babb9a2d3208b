"""What the model is told of the conversation so far."""

from pipeline.history import (
    MAX_EXCHANGES,
    MAX_EXCHANGES_WITH_CALLS,
    MAX_RESULT_CHARS,
    OUTCOME_UNKNOWN,
    WITHDRAWN,
    History,
)
from pipeline.ports import Message, ToolCall
from pipeline.tool_use import Called


def test_sides_that_said_nothing_are_left_out() -> None:
    history = History("Be brief.")
    history.add("", "Hello.")
    history.add("What time is it?", "")
    assert history.asking("Well?") == [
        Message("system", "Be brief."),
        Message("assistant", "Hello."),
        Message("user", "What time is it?"),
        Message("user", "Well?"),
    ]


def test_the_oldest_exchanges_are_forgotten_and_the_prompt_never() -> None:
    history = History("Be brief.")
    for number in range(MAX_EXCHANGES + 5):
        history.add(f"question {number}", f"answer {number}")
    messages = history.asking("Well?")
    assert len(messages) == 2 * MAX_EXCHANGES + 2
    assert messages[0].role == "system"
    assert messages[1].text == "question 5"


def called(number: int, result: str | None, name: str = "look_up") -> Called:
    return Called(ToolCall(f"call {number}", name, "{}"), result)


def test_calls_stand_between_the_question_and_what_was_heard() -> None:
    history = History("Be brief.")
    first, second = called(1, "nine"), called(2, "six")
    history.add("When?", "Nine to six.", [[first], [second]])
    assert history.asking("Well?")[1:-1] == [
        Message("user", "When?"),
        Message("assistant", "", calls=(first.call,)),
        Message("tool", "nine", call_id="call 1"),
        Message("assistant", "", calls=(second.call,)),
        Message("tool", "six", call_id="call 2"),
        Message("assistant", "Nine to six."),
    ]


def test_a_call_without_a_result_is_told_as_such() -> None:
    history = History("Be brief.")
    history.add("Book it.", "", [[called(1, None)]])
    history.add("Bye.", "Good", [[called(2, None, "end_call")]])
    results = [one.text for one in history.asking("Well?") if one.role == "tool"]
    assert results == [OUTCOME_UNKNOWN, WITHDRAWN]


def test_a_result_that_comes_after_the_exchange_is_told_still() -> None:
    history = History("Be brief.")
    late = called(1, None)
    history.add("Book it.", "", [[late]])
    late.result = "booked"
    assert history.asking("Well?")[-2].text == "booked"


def test_long_results_are_shortened_and_old_calls_forgotten() -> None:
    history = History("Be brief.")
    for number in range(MAX_EXCHANGES_WITH_CALLS + 3):
        history.add(f"question {number}", "Yes.", [[called(number, "x" * 10_000)]])
    results = [one for one in history.asking("Well?") if one.role == "tool"]
    assert [one.call_id for one in results] == [f"call {n}" for n in range(3, 13)]
    assert all(len(one.text) < MAX_RESULT_CHARS + 20 for one in results)
