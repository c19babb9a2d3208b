"""A language model that knows its answers by heart."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from core.errors import ProviderBusy
from core.unfinished import INSTRUCTION
from pipeline.ports import Item, Message, Tool, ToolCall, never
from pipeline.providers.token_count import TokenCount
from pipeline.reply import Token
from pipeline.spending import account_at_hand


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request gets. With `fails_after` it breaks after that many tokens; a host is found
    to answer it after `begins_s`, none where it is `unanswered`.

    `calls` come last, under the ids that hosts like to use again and again.
    """

    text: str
    first_token_s: float = 0.1
    token_s: float = 0.01
    fails_after: int | None = None
    calls: tuple[tuple[str, str], ...] = ()
    begins_s: float = 0.0
    unanswered: bool = False


REFUSAL = Answer("", fails_after=0)


class FakeModel:
    """Answers by the last message's text, or else with `default`. Keeps what it was asked.

    `signs` come instead where it is asked whether the caller has broken off.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.signs: dict[str, Answer] = {}
        self.default = Answer("That is a good question, and here is my whole answer to it.")
        self.requests: list[list[Message]] = []
        self.offered: list[list[str]] = []
        self.could_call: list[bool] = []
        self.n_open = 0

    @property
    def asked(self) -> list[str]:
        """The last message of each request."""
        return [messages[-1].text for messages in self.requests]

    @property
    def n_asked_for_sign(self) -> int:
        """Requests that ask whether the caller has broken off."""
        return sum(INSTRUCTION in messages[0].text for messages in self.requests)

    def _answer(self, messages: Sequence[Message]) -> Answer:
        said = messages[-1].text
        answer = self.answers.get(said, self.default)
        return self.signs.get(said, answer) if INSTRUCTION in messages[0].text else answer

    @asynccontextmanager
    async def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool] = (),
        *,
        may_call: bool = True,
        may_withdraw: Callable[[], bool] = never,
    ) -> AsyncIterator[AsyncIterator[Item]]:
        self.requests.append(list(messages))
        self.offered.append([tool.name for tool in tools])
        self.could_call.append(may_call)
        answer = self._answer(messages)
        self.n_open += 1
        count = TokenCount(messages, is_under_way=True)
        account_at_hand().ask(count.spent)
        try:
            await asyncio.sleep(answer.begins_s)
            if answer.unanswered:
                raise ProviderBusy("model", "nobody answers")
            yield _tokens(answer, count)
        finally:
            self.n_open -= 1

    @asynccontextmanager
    async def tokens(self, messages: Sequence[Message]) -> AsyncIterator[AsyncIterator[Token]]:
        """An answer without calls, as a reply takes it."""
        async with self.reply(messages) as items:
            yield _text(items)


def _text(items: AsyncIterator[Item]) -> AsyncIterator[Token]:
    async def text() -> AsyncIterator[Token]:
        async for item in items:
            assert isinstance(item, str)
            yield item

    return text()


async def _tokens(answer: Answer, count: TokenCount) -> AsyncIterator[Item]:
    await asyncio.sleep(answer.first_token_s)
    for index, token in enumerate(re.findall(r"\s*\S+|\s+$", answer.text)):
        if index == answer.fails_after:
            break
        count.add(token)
        yield token
        await asyncio.sleep(answer.token_s)
    for index, (name, arguments) in enumerate(answer.calls):
        yield ToolCall(f"functions.{name}:{index}", name, arguments)
    if answer.fails_after is not None:
        raise ProviderBusy("model", "overloaded")
