"""Ten calls by script, analysed through the API and the sandbox's model, against their scripts."""

from dataclasses import dataclass
from typing import Any, Final

import pytest

from tests.integration.analysed import analysing, analysis_of, ended_call, new_bot
from tests.integration.api import Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

GREETING: Final = ("", "Hello, this is the front desk. How can I help you?")
WISH: Final[dict[str, Any]] = {
    "summary": True,
    "sentiment": True,
    "dispositions": ["booked", "cancelled", "callback_arranged", "complaint", "information"],
    "goal": "A table was booked for the caller.",
    "schema": {
        "type": "object",
        "properties": {
            "customer_name": {"type": "string"},
            "people": {"type": "integer", "description": "How many people the table is for."},
            "day": {"type": "string"},
            "order_number": {"type": "string"},
        },
        "required": ["customer_name", "people", "day", "order_number"],
        "additionalProperties": False,
    },
}


@dataclass(frozen=True, slots=True)
class Scripted:
    """What is said, and what is so: `found` of the fields, the others are not in it."""

    said: tuple[tuple[str, str], ...]
    disposition: str
    sentiment: str
    goal_met: bool
    found: dict[str, Any]


CALLS: Final = {
    "a table": Scripted(
        (
            ("A table for four people on Sunday, please.", "May I have your name?"),
            ("My name is Asha.", "Thank you, your table is booked."),
            ("Perfect, thank you.", "You are welcome."),
        ),
        "booked",
        "positive",
        True,
        {"customer_name": "Asha", "people": 4, "day": "sunday"},
    ),
    "a table without thanks": Scripted(
        (("Book a table for two people tonight.", "It is done, your table is booked."),),
        "booked",
        "neutral",
        True,
        {"people": 2, "day": "tonight"},
    ),
    "no table left": Scripted(
        (
            ("Is there a table for six people on Friday?", "I am sorry, we are full on Friday."),
            ("That is a pity.", "We open at nine, if that helps."),
        ),
        "information",
        "neutral",
        False,
        {"people": 6, "day": "friday"},
    ),
    "a cancellation": Scripted(
        (
            ("I want to cancel my order, the number is 48213.", "One moment."),
            ("Is it done?", "Yes, your order is cancelled."),
        ),
        "cancelled",
        "neutral",
        False,
        {"order_number": "48213"},
    ),
    "a complaint": Scripted(
        (
            ("This is unacceptable, the food was cold.", "I have noted your complaint."),
            ("I am really disappointed.", "I understand. The manager reads every complaint."),
        ),
        "complaint",
        "negative",
        False,
        {},
    ),
    "a callback": Scripted(
        (
            ("Can somebody call me on Tuesday?", "A callback is arranged for Tuesday."),
            ("Great, my name is Ravi.", "Thank you, Ravi."),
        ),
        "callback_arranged",
        "positive",
        False,
        {"customer_name": "Ravi", "day": "tuesday"},
    ),
    "opening hours": Scripted(
        (
            ("When do you open?", "We open at nine in the morning."),
            ("Thanks.", "You are welcome."),
        ),
        "information",
        "positive",
        False,
        {},
    ),
    "a cross caller who is served": Scripted(
        (
            ("Your line is terrible. A table for three people tomorrow.", "I am with you."),
            ("Well?", "Your table for tomorrow is booked."),
        ),
        "booked",
        "negative",
        True,
        {"people": 3, "day": "tomorrow"},
    ),
    "an order that is lost": Scripted(
        (
            ("Where is order number 7719?", "I cannot find it, sorry."),
            ("Then cancel it.", "It is cancelled now."),
        ),
        "cancelled",
        "neutral",
        False,
        {"order_number": "7719"},
    ),
    "a wrong number": Scripted(
        (
            ("Is that the railway station?", "No, this is a restaurant."),
            ("Oh, I am sorry, wrong number.", "No problem at all."),
        ),
        "information",
        "neutral",
        False,
        {},
    ),
}
EMPTY: Final = {"customer_name": "", "people": 0, "day": "", "order_number": ""}


@pytest.mark.parametrize("name", CALLS)
async def test_an_analysis_says_what_the_script_says(
    api: Api, api_env: dict[str, str], name: str
) -> None:
    call = CALLS[name]
    session_id = await ended_call(api, await new_bot(api, WISH), (GREETING, *call.said))

    async with analysing(api, api_env) as made:
        await made.look()

    found = await analysis_of(api, session_id)
    assert found is not None
    assert (found["status"], found["error"]) == ("ready", None)
    assert call.said[0][0].split(".")[0] in found["summary"]
    assert found["extracted"] == {**EMPTY, **call.found}
    assert (found["disposition"], found["sentiment"], found["goal_met"]) == (
        call.disposition,
        call.sentiment,
        call.goal_met,
    )
