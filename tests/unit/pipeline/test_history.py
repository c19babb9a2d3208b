"""What the model is told of the conversation so far."""

from pipeline.history import MAX_EXCHANGES, History
from pipeline.ports import Message


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
