"""A model's host that does what it is told to, at the time it is told to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from core.catalog import Order, Route
from core.catalog import Upstream as Host
from pipeline.attempt import OnSign, Sign
from pipeline.faults import Faults
from pipeline.ports import Item, Message, Tool, never
from pipeline.providers.token_count import TokenCount
from pipeline.race import Patience
from pipeline.route_board import OwnBoard
from pipeline.router import Router
from pipeline.spending import account_at_hand

Happening = Item | Sign | Exception
Script = Sequence[tuple[float, Happening]]

FOR_EVER_S = 500.0
HANGS: Script = [(FOR_EVER_S, "")]
EMPTY: Script = [(0.1, Sign.ENDS)]
QUESTION = [Message("user", "When do you open?")]


def answer(text: str, first_s: float = 0.1, token_s: float = 0.02) -> Script:
    """A whole one, a word a token."""
    words = text.split(" ")
    tokens = [word if index == 0 else f" {word}" for index, word in enumerate(words)]
    return [(first_s if index == 0 else token_s, token) for index, token in enumerate(tokens)]


class FakeUpstream:
    """Follows a script for each request, the last one again and again: after so many seconds, a
    token, a call, a sign, or an error. `closing` is awaited at each one's end."""

    def __init__(
        self, name: str, *scripts: Script, load_s: float = 0.0, upstream: Host = "local"
    ) -> None:
        self.route = Route(upstream=upstream, model=name, load_s=load_s)
        self.scripts = list(scripts)
        self.asked_at: list[float] = []
        self.n_open = 0
        self.closing: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0)

    @asynccontextmanager
    async def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool],
        *,
        may_call: bool,
        on_sign: OnSign,
    ) -> AsyncIterator[AsyncIterator[Item]]:
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        self.asked_at.append(asyncio.get_running_loop().time())
        self.n_open += 1
        count = TokenCount(messages, is_under_way=True)
        account_at_hand().ask(count.spent)
        try:
            yield _items(script, on_sign, count)
        finally:
            await self.closing()
            self.n_open -= 1


HOSTS: Final[Sequence[Host]] = ("openrouter", "clarifai", "moonshot", "sarvam")


def hosts(*scripts: Script, other_model: int | None = None) -> list[FakeUpstream]:
    """Hosts of one model, but for one of them."""
    return [
        FakeUpstream("kimi-k2.6" if index == other_model else "kimi-k2.5", script, upstream=host)
        for index, (host, script) in enumerate(zip(HOSTS, scripts, strict=False))
    ]


def begin(board: OwnBoard, route: Route, first_token_s: float, at: float, n: int) -> None:
    """Note so many answers of the route that began."""
    for _ in range(n):
        board.note(route, lambda health: health.began(first_token_s, at))


async def _items(script: Script, on_sign: OnSign, count: TokenCount) -> AsyncIterator[Item]:
    for wait_s, happening in script:
        await asyncio.sleep(wait_s)
        if isinstance(happening, Exception):
            raise happening
        if isinstance(happening, Sign):
            on_sign(happening)
        else:
            count.add(happening)
            yield happening


class Routed:
    """A router over fake upstreams, and what came of it."""

    def __init__(
        self,
        *upstreams: FakeUpstream,
        patience: Patience | None = None,
        order: Order = "listed",
    ) -> None:
        self.upstreams = upstreams
        self.board = OwnBoard()
        self.faults = Faults()
        self.answered: list[Route] = []
        self.router = Router(
            upstreams,
            patience or Patience(4.0, 5.0, 0.8),
            self.board,
            self.answered.append,
            order=order,
            faults=self.faults,
        )
        self.began_after_s = 0.0

    async def items(self, may_withdraw: Callable[[], bool] = never) -> list[Item]:
        """All that one answer consists of."""
        asked_at = asyncio.get_running_loop().time()
        found = []
        async with self.router.reply(QUESTION, may_withdraw=may_withdraw) as items:
            self.began_after_s = asyncio.get_running_loop().time() - asked_at
            async for item in items:
                found.append(item)
        return found

    async def text(self) -> str:
        """The answer's words."""
        return "".join(str(item) for item in await self.items())
