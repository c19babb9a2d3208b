"""A catalog model → its upstreams, the next one taken when one fails before its first token."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Protocol

from core.catalog import Route
from core.errors import ProviderError, ProviderTimeout
from pipeline.ports import Message, Tool, ToolCall

log = logging.getLogger(__name__)


class Upstream(Protocol):
    """One way to serve the model."""

    @property
    def route(self) -> Route:
        """Where it is, and what the model is called there."""
        ...

    def reply(
        self, messages: Sequence[Message], tools: Sequence[Tool], *, may_call: bool
    ) -> AbstractAsyncContextManager[AsyncIterator[str | ToolCall]]:
        """Stream an answer; leaving cancels it."""
        ...


class Router:
    """Implements `pipeline.ports.LanguageModel`. Once a token or a call came, its upstream is
    kept. `on_answer` hears of each route when it answers for the first time."""

    def __init__(
        self,
        upstreams: Sequence[Upstream],
        *,
        first_token_timeout_s: float,
        token_timeout_s: float,
        on_answer: Callable[[Route], None],
    ) -> None:
        self._upstreams = upstreams
        self._first_token_timeout_s = first_token_timeout_s
        self._token_timeout_s = token_timeout_s
        self._on_answer = on_answer
        self._has_told: set[int] = set()

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), *, may_call: bool = True
    ) -> AsyncIterator[AsyncIterator[str | ToolCall]]:
        """Stream an answer from the first upstream that gives one.

        Raises the last upstream's `ProviderError` when none does.
        """
        failure: ProviderError | None = None
        for upstream in self._upstreams:
            async with AsyncExitStack() as stack:
                try:
                    reply = upstream.reply(messages, tools, may_call=may_call)
                    tokens = await stack.enter_async_context(reply)
                    first = await self._next(tokens, upstream, self._first_token_timeout_s)
                except ProviderError as exc:
                    failure = exc
                    log.warning(
                        "llm.upstream_failed",
                        extra={"upstream": upstream.route.upstream, "reason": exc.reason},
                    )
                    continue
                self._tell(upstream)
                yield self._all(first, tokens, upstream)
                return
        assert failure is not None, "a router has at least one upstream"
        raise failure

    def _tell(self, upstream: Upstream) -> None:
        if id(upstream) not in self._has_told:
            self._has_told.add(id(upstream))
            self._on_answer(upstream.route)

    async def _all(
        self,
        first: str | ToolCall | None,
        tokens: AsyncIterator[str | ToolCall],
        upstream: Upstream,
    ) -> AsyncIterator[str | ToolCall]:
        token = first
        while token is not None:
            yield token
            token = await self._next(tokens, upstream, self._token_timeout_s)

    async def _next(
        self, tokens: AsyncIterator[str | ToolCall], upstream: Upstream, timeout_s: float
    ) -> str | ToolCall | None:
        """The next token, None at the end. Comment lines hold off other timeouts, not this one."""
        try:
            async with asyncio.timeout(timeout_s):
                return await anext(tokens, None)
        except TimeoutError as exc:
            raise ProviderTimeout(upstream.route.upstream, "no token in time") from exc
