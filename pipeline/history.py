"""What the model is told of the conversation so far; of replies only what was heard.

    user ─▶ assistant with calls ─▶ their results ─▶ … ─▶ assistant: the words that were heard

An exchange whose reply called tools shows the calls, too, so that nothing is done twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.ports import Message
from pipeline.tool_use import END_CALL, Called, messages_of

MAX_EXCHANGES: Final = 40
"""Exchanges kept. Older ones are dropped first: prompts stay bounded in an hour-long session."""
MAX_EXCHANGES_WITH_CALLS: Final = 10
"""Of those, the latest that still show their calls."""
MAX_RESULT_CHARS: Final = 2000
"""Of a result in a later turn; the turn that asked for it has seen all of it."""
OUTCOME_UNKNOWN: Final = "This call was cut off; what came of it is not known."
WITHDRAWN: Final = "Withdrawn: the caller went on speaking, so the call goes on."


@dataclass(frozen=True, slots=True)
class _Past:
    caller: str
    heard: str
    rounds: Sequence[Sequence[Called]]


class History:
    """The system prompt and the latest exchanges."""

    def __init__(self, system_prompt: str) -> None:
        self._system = Message("system", system_prompt)
        self._exchanges: list[_Past] = []

    def add(
        self, caller_text: str, heard_text: str, rounds: Sequence[Sequence[Called]] = ()
    ) -> None:
        """Remember an exchange; either side may be empty, most replies call nothing."""
        self._exchanges.append(_Past(caller_text, heard_text, rounds))
        del self._exchanges[:-MAX_EXCHANGES]

    def asking(self, caller_text: str, rounds: Sequence[Sequence[Called]] = ()) -> list[Message]:
        """The messages that ask for an answer to `caller_text`, for which `rounds` were called.
        Without text it is for what was said last."""
        messages = [self._system]
        for age, past in zip(range(len(self._exchanges), 0, -1), self._exchanges, strict=True):
            if past.caller:
                messages.append(Message("user", past.caller))
            messages += _calls(past.rounds) if age <= MAX_EXCHANGES_WITH_CALLS else []
            if past.heard:
                messages.append(Message("assistant", past.heard))
        asked = [Message("user", caller_text)] if caller_text else []
        return [*messages, *asked, *_calls(rounds)]


def _calls(rounds: Sequence[Sequence[Called]]) -> list[Message]:
    return [
        message
        for called in rounds
        for message in messages_of(called, [_result(one) for one in called])
    ]


def _result(called: Called) -> str:
    if called.result is None:
        return WITHDRAWN if called.call.name == END_CALL.name else OUTCOME_UNKNOWN
    return shortened(called.result, MAX_RESULT_CHARS)


def shortened(result: str, n_chars: int) -> str:
    """At most `n_chars` of a result, and a word of it where that is not all."""
    return result if len(result) <= n_chars else f"{result[:n_chars]}… (shortened)"
