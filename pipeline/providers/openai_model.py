"""One OpenAI-compatible upstream, through livekit-plugins-openai."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import httpx2
from livekit.agents import (
    NOT_GIVEN,
    APIConnectionError,
    APIConnectOptions,
    APIStatusError,
    APITimeoutError,
)
from livekit.agents.llm import CompletionUsage
from livekit.plugins import openai
from openai import AsyncOpenAI

from core.catalog import Route
from core.errors import (
    ProviderClosed,
    ProviderError,
    ProviderTimeout,
)
from core.setting_groups import UpstreamSettings
from pipeline.metering import Meter
from pipeline.ports import Message, Tool, ToolCall
from pipeline.providers.chat_items import chat_context, function_tools
from pipeline.providers.http_errors import from_status
from pipeline.providers.tls import trust

BYTES_PER_TOKEN: Final = 4
"""Of English text, on the usual tokenisers' average."""
_KEPT_CONNECTIONS: Final = httpx2.Limits(keepalive_expiry=120.0)
"""Seconds: longer than callers are silent."""


class OpenAIModel:
    """A model on an upstream. Connections are kept between replies; `aclose` ends them."""

    def __init__(
        self, route: Route, upstream: UpstreamSettings, token_timeout_s: float, meter: Meter
    ) -> None:
        self.route = route
        self._meter = meter
        self._options = APIConnectOptions(max_retry=0, timeout=token_timeout_s)
        self._client = AsyncOpenAI(
            base_url=upstream.url,
            api_key=upstream.api_key.get_secret_value(),
            max_retries=0,
            http_client=httpx2.AsyncClient(
                verify=trust(), timeout=token_timeout_s, limits=_KEPT_CONNECTIONS
            ),
        )
        self._llm = openai.LLM(
            model=route.model, client=self._client, extra_body=dict(route.extra_body)
        )

    def prewarm(self) -> None:
        """Open the connection that the first reply will use, in the background."""
        self._llm.prewarm()

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), *, may_call: bool = True
    ) -> AsyncIterator[AsyncIterator[str | ToolCall]]:
        """Stream content, reasoning left out, and calls, each when it is whole; leaving closes the
        request and meters it."""
        n_chunks = 0
        usage: CompletionUsage | None = None
        async with self._llm.chat(
            chat_ctx=chat_context(messages),
            tools=function_tools(tools),
            tool_choice=NOT_GIVEN if may_call else "none",
            conn_options=self._options,
        ) as stream:

            async def tokens() -> AsyncIterator[str | ToolCall]:
                nonlocal n_chunks, usage
                try:
                    async for chunk in stream:
                        usage = chunk.usage or usage
                        if chunk.delta is None:
                            continue
                        if chunk.delta.content:
                            n_chunks += 1
                            yield chunk.delta.content
                        for call in chunk.delta.tool_calls:
                            n_chunks += 1 + len(call.arguments) // BYTES_PER_TOKEN
                            yield ToolCall(call.call_id, call.name, call.arguments)
                except (APIStatusError, APITimeoutError, APIConnectionError) as exc:
                    raise self._translated(exc) from None

            try:
                yield tokens()
            finally:
                self._count(messages, usage, n_chunks)

    def _count(
        self, messages: Sequence[Message], usage: CompletionUsage | None, n_chunks: int
    ) -> None:
        """Usage comes last: of an answer that was cut off it is estimated, a chunk a token."""
        if usage is not None:
            self._meter.add_tokens(read=usage.prompt_tokens, written=usage.completion_tokens)
        elif n_chunks:
            n_bytes = sum(map(_n_bytes, messages))
            self._meter.add_tokens(read=n_bytes // BYTES_PER_TOKEN, written=n_chunks)

    def _translated(self, exc: Exception) -> ProviderError:
        if isinstance(exc, APIStatusError) and exc.status_code > 0:
            return from_status(self.route.upstream, exc.status_code)
        if isinstance(exc, APITimeoutError):
            return ProviderTimeout(self.route.upstream, "no token in time")
        return ProviderClosed(self.route.upstream, "the stream broke")

    async def aclose(self) -> None:
        """Close connections."""
        await self._llm.aclose()
        await self._client.close()


def _n_bytes(message: Message) -> int:
    return sum(len(text.encode()) for text in (message.text, *(c.arguments for c in message.calls)))
