from datetime import UTC, datetime

import pytest

from sandbox.engines.answers import answer
from sandbox.ports import ChatMessage, ChatRequest

NOON = datetime(2026, 11, 23, 12, 5, tzinfo=UTC)
CLINIC = (
    "You are Asha, the receptionist of Sunrise Dental Clinic. Answer in one short sentence.\n"
    "The clinic is open Monday to Saturday from nine to seven. It is closed on Sundays.\n"
    "A check-up costs five hundred rupees. You accept cash, cards and UPI.\n"
    "- Parking is free in the basement."
)


def ask(*said: str, prompt: str = CLINIC) -> str:
    """The answer to the last of these, each earlier one answered with "Fine."."""
    messages = [ChatMessage("system", prompt)]
    for text in said:
        messages += [ChatMessage("user", text), ChatMessage("assistant", "Fine.")]
    return answer(ChatRequest("sarvam", "sarvam-105b", tuple(messages[:-1])), NOON)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What are your opening hours?", "The clinic is open Monday to Saturday"),
        ("Hello, are you open on Sunday?", "It is closed on Sundays."),
        ("What's the price of a check up?", "A check-up costs five hundred rupees."),
        ("Do you take credit cards?", "We accept cash, cards and UPI."),
        ("Is there any parking?", "Parking is free in the basement."),
    ],
)
def test_questions_are_answered_from_the_prompt(question: str, expected: str) -> None:
    assert ask(question).startswith(expected)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Hello!", "Hello! I am Asha, the receptionist of Sunrise Dental Clinic."),
        ("Who are you?", "I am Asha"),
        ("Thank you very much.", "You are welcome."),
        ("Okay, goodbye.", "Goodbye"),
        ("What time is it?", "It is 12:05 PM."),
        ("What is today's date?", "Today is Monday, 23 November 2026."),
        ("What can you do?", "I can answer questions"),
        ("What is twelve times seven?", "That is 84."),
    ],
)
def test_small_talk(said: str, expected: str) -> None:
    assert ask(said).startswith(expected)


@pytest.mark.parametrize(
    "question", ["Are you a real person?", "Which language model are you?", "Are you a bot?"]
)
def test_it_says_that_it_is_the_sandbox(question: str) -> None:
    assert "local sandbox, not a real language model" in ask(question)


def test_instructions_are_never_read_out() -> None:
    assert "short sentence" not in ask("Can you answer in a short sentence?")


def test_what_was_not_told_is_admitted_in_the_callers_words() -> None:
    assert "weather in Mumbai" in ask("What is the weather in Mumbai?")


def test_a_name_and_a_fact_are_remembered() -> None:
    said = ("My name is Ravi Kumar.", "My order number is forty two.")

    assert ask(said[0]) == "Nice to meet you, Ravi Kumar. How can I help you?"
    assert ask(*said, "What is my name?") == "You are Ravi Kumar."
    assert ask(*said, "What was my order number?") == "You said your order number is forty two."
    assert ask("What is my name?") == "You have not told me your name yet."


def test_being_tired_is_no_name() -> None:
    assert "Nice to meet you" not in ask("I am looking for a dentist.")


def test_repeating_says_the_last_reply_again() -> None:
    assert ask("Is parking free?", "Could you repeat that, please?") == "Fine."


def test_knowledge_given_beside_the_prompt_is_used() -> None:
    messages = (
        ChatMessage("system", "You are a helpful assistant."),
        ChatMessage("system", "Roses cost fifty rupees each."),
        ChatMessage("user", "How much are the roses?"),
    )

    assert answer(ChatRequest("local", "m", messages), NOON) == "Roses cost fifty rupees each."


def test_hindi_is_answered_in_hindi() -> None:
    facts = "आप आशा हैं। क्लिनिक सोमवार से शनिवार नौ बजे खुलता है।"

    assert ask("नमस्ते").startswith("नमस्ते!")
    assert ask("क्लिनिक कब खुलता है?", prompt=facts) == "क्लिनिक सोमवार से शनिवार नौ बजे खुलता है।"
    assert "गुलाब" in ask("क्या आप गुलाब बेचते हैं?")
