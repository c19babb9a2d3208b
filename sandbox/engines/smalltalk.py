"""What needs no knowledge: greetings, thanks, who the agent is, the time, a sum."""

import re
from collections.abc import Callable
from datetime import datetime

from sandbox.engines.arithmetic import answer_sum

_POLITE = r"(?:\s*(?:please|then|now|there|sir|madam|ma'am|friend|so much|very much|a lot))*"
_GREETING = r"(?:hello|hi|hey|good (?:morning|afternoon|evening)|namaste|namaskar)"
_SANDBOX = (
    "I am the local sandbox, not a real language model: I answer from what I was given, and from "
    "nothing else."
)


def strip_greeting(text: str) -> str:
    """What is left after a leading "hello,": empty when that was all."""
    rest = re.sub(rf"^\s*{_GREETING}\b[\s,.!]*(?:there\b[\s,.!]*)?", "", text, flags=re.IGNORECASE)
    return rest.strip()


class Smalltalk:
    """``identity`` is what the prompt says the agent is ("I am Asha, …"), or empty."""

    def __init__(self, identity: str, now: Callable[[], datetime]) -> None:
        self._identity = identity
        self._now = now
        self._topics: tuple[tuple[str, Callable[[], str]], ...] = (
            (r"(?:ok(?:ay)?[, ]*)?(?:thanks|thank you)\b.*", lambda: "You are welcome."),
            (
                r"(?:ok(?:ay)?[, ]*)?(?:good ?bye|bye|see you|that(?:'s| is| will be) all)\b.*",
                lambda: "Goodbye, and take care.",
            ),
            (r"how are you\b.*", lambda: "I am well, thank you. What can I do for you?"),
            (
                r".*\b(?:are you (?:an? )?(?:real|human|person|robot|bot|ai|machine|model|chat ?gpt"
                r"|sandbox)|(?:what|which) (?:\w+ )*model|language model).*",
                lambda: _SANDBOX,
            ),
            (r".*\b(?:who are you|what(?:'s| is) your name|introduce yourself).*", self._say_who),
            (
                r".*\bwhat (?:can|do) you (?:do|know|offer|help)\b.*|.*\bhow can you help\b.*|"
                r"can you help(?: me)?",
                self._say_what,
            ),
            (r".*\bwhat(?:'s| is)? the time\b.*|.*\bwhat time is it\b.*", self._say_time),
            (
                r".*\bwhat (?:day|date) is it\b.*|.*\bwhat(?:'s| is) (?:the |today's )?date\b.*|"
                r".*\bwhat day is (?:it )?today\b.*",
                self._say_date,
            ),
            (
                r"(?:yes|yeah|ok|okay|alright|all right|sure|right)",
                lambda: "All right. What else would you like to know?",
            ),
            (r"(?:no|nope|nothing|not now)", lambda: "All right. I am here if you need anything."),
        )

    def answer(self, text: str) -> str | None:
        """None when the text is no small talk."""
        plain = re.sub(r"\s+", " ", text.lower()).strip(" .,!?")
        if re.fullmatch(_GREETING + _POLITE, plain):
            return f"Hello! {self._identity or 'This is your assistant.'} How can I help you?"
        plain = strip_greeting(plain)
        for pattern, say in self._topics:
            if re.fullmatch(pattern + _POLITE, plain):
                return say()
        return answer_sum(plain)

    def _say_who(self) -> str:
        return self._identity or _SANDBOX

    def _say_what(self) -> str:
        return (
            "I can answer questions about what I was told, give you the time, and do simple sums. "
            "What would you like to know?"
        )

    def _say_time(self) -> str:
        return f"It is {self._now():%I:%M %p}.".replace("is 0", "is ")

    def _say_date(self) -> str:
        now = self._now()
        return f"Today is {now:%A}, {now.day} {now:%B %Y}."
