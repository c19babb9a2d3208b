"""An answer of a model that says first whether the caller is done.

ask ──▶ "We open at nine."      the caller is done: an answer as any other
   └──▶ "…"                     they are not ──▶ wait until an answer is wanted all the same
                                                                └──▶ ask without the sign
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace

from core.errors import ProviderError
from core.unfinished import INSTRUCTION
from pipeline.clock import now
from pipeline.ports import Item, Message, ToolCall, Withdrawn
from pipeline.verdict import SignReader, Verdict

Ask = Callable[[Sequence[Message]], AbstractAsyncContextManager[AsyncIterator[Item]]]


@dataclass(slots=True)
class Judging:
    """Of one reply. `on_verdict` hears whether the caller is done, and again where the answer that
    takes another's place says otherwise. `must_answer` is set once an answer is wanted whatever the
    model says. `asked_again_at`: when it was asked without the sign."""

    on_verdict: Callable[[Verdict], None] = lambda _: None
    must_answer: asyncio.Event = field(default_factory=asyncio.Event)
    asked_again_at: float | None = None
    verdict: Verdict = Verdict.AWAITED

    def tell(self, verdict: Verdict) -> None:
        """It is so, as far as is known."""
        if verdict is not self.verdict:
            self.verdict = verdict
            self.on_verdict(verdict)


@asynccontextmanager
async def judged(
    ask: Ask, messages: Sequence[Message], judging: Judging
) -> AsyncIterator[AsyncIterator[Item]]:
    """Stream an answer, the sign never in it. `messages` begin with the system's; leaving cancels
    what runs. Raises `ProviderError`: such a model says nothing of the caller."""
    judging.verdict = Verdict.AWAITED
    async with AsyncExitStack() as asking:
        try:
            items = await asking.enter_async_context(ask(with_instruction(messages)))
        except ProviderError:
            judging.tell(Verdict.DONE)
            raise

        async def answer() -> AsyncGenerator[Item]:
            async with aclosing(_without_sign(items, judging)) as said:
                async for item in said:
                    yield item
            if judging.verdict is not Verdict.UNFINISHED:
                return
            await asking.aclose()
            await judging.must_answer.wait()
            judging.asked_again_at = now()
            async for item in await asking.enter_async_context(ask(messages)):
                yield item

        async with aclosing(answer()) as answered:
            yield answered


def with_instruction(messages: Sequence[Message]) -> list[Message]:
    """The messages, which ask for the sign as well."""
    system, *rest = messages
    return [replace(system, text=f"{system.text}\n\n{INSTRUCTION}"), *rest]


async def _without_sign(items: AsyncIterator[Item], judging: Judging) -> AsyncGenerator[Item]:
    """What an answer says, nothing of one with the sign. That is read to its end, as its usage
    comes there, unless words stand behind the sign."""
    reader = SignReader()
    try:
        async for item in items:
            is_call = isinstance(item, ToolCall)
            if isinstance(item, Withdrawn):
                reader = SignReader()
            text = reader.push(item) if isinstance(item, str) else reader.end() if is_call else ""
            if reader.verdict is not None:
                judging.tell(reader.verdict)
            if reader.verdict is Verdict.UNFINISHED:
                if is_call or reader.has_more:
                    return
                continue
            if text:
                yield text
            if not isinstance(item, str):
                yield item
    except ProviderError:
        if reader.verdict is None:
            judging.tell(Verdict.DONE)
        raise
    if text := reader.end():
        yield text
    judging.tell(reader.verdict or Verdict.DONE)
