"""A language model that knows its answers by heart."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from core.errors import ProviderBusy
from pipeline.ports import Message


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request gets. With `fails_after` it breaks after that many tokens."""

    text: str
    first_token_s: float = 0.1
    token_s: float = 0.01
    fails_after: int | None = None


REFUSAL = Answer("", fails_after=0)


class FakeModel:
    """Answers by the question's text, or else with `default`. Keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.default = Answer("That is a good question, and here is my whole answer to it.")
        self.requests: list[list[Message]] = []
        self.n_open = 0

    @property
    def asked(self) -> list[str]:
        """The last message of each request."""
        return [messages[-1].text for messages in self.requests]

    @asynccontextmanager
    async def reply(self, messages: Sequence[Message]) -> AsyncIterator[AsyncIterator[str]]:
        self.requests.append(list(messages))
        answer = self.answers.get(messages[-1].text, self.default)
        self.n_open += 1
        try:
            yield _tokens(answer)
        finally:
            self.n_open -= 1


async def _tokens(answer: Answer) -> AsyncIterator[str]:
    await asyncio.sleep(answer.first_token_s)
    for index, token in enumerate(re.findall(r"\s*\S+|\s+$", answer.text)):
        if index == answer.fails_after:
            break
        yield token
        await asyncio.sleep(answer.token_s)
    if answer.fails_after is not None:
        raise ProviderBusy("model", "overloaded")
