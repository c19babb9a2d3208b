from benchmarks.chaos.reckoning import Reckoning, reckon
from cli.caller.turn import Turn

HOURS = "What are your opening hours today?"


def turns(*exchanges: tuple[str, str]) -> list[Turn]:
    return [
        Turn(turn_index=index, user_transcript=said, agent_response=answer)
        for index, (said, answer) in enumerate(exchanges)
    ]


def test_a_whole_conversation_has_lost_nothing() -> None:
    held = turns(("", "Hello."), (HOURS, "From nine."), ("and sunday", "Yes."))
    assert reckon([HOURS, "And Sunday?"], held) == Reckoning(0, 0, 0, 0)


def test_a_question_without_a_turn_is_lost_with_all_its_words() -> None:
    assert reckon([HOURS], turns(("", "Hello."))) == Reckoning(1, 6, 0, 0)


def test_nothing_stored_is_everything_lost() -> None:
    assert reckon([HOURS], []) == Reckoning(1, 6, 0, 0)


def test_a_turn_without_its_last_words_has_lost_those() -> None:
    assert reckon([HOURS], turns(("What are your opening", "Yes?"))) == Reckoning(0, 2, 0, 0)


def test_the_same_question_twice_needs_two_turns() -> None:
    assert reckon([HOURS, HOURS], turns((HOURS, "From nine."))) == Reckoning(1, 6, 0, 0)


def test_two_questions_in_one_turn_are_both_there() -> None:
    assert reckon([HOURS, "And Sunday?"], turns((f"{HOURS} And Sunday?", "Yes."))) == Reckoning(
        0, 0, 0, 0
    )


def test_a_question_whose_turn_has_no_answer_is_unanswered() -> None:
    assert reckon([HOURS], turns((HOURS, " "))) == Reckoning(0, 0, 1, 0)


def test_words_that_were_said_once_and_are_there_twice_are_doubled() -> None:
    held = turns(("What are your opening hours your opening hours today?", "From nine."))
    assert reckon([HOURS], held) == Reckoning(0, 0, 0, 3)


def test_what_may_have_been_heard_is_neither_lost_nor_doubled() -> None:
    held = turns(("And Sunday?", "Yes."), ("Are you there?", "I am."))
    assert reckon(["And Sunday?"], held, ["Are you there?"] * 2) == Reckoning(0, 0, 0, 0)
