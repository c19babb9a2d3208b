"""One OpenAI-compatible upstream, through livekit-plugins-openai."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx2
from livekit.agents import (
    NOT_GIVEN,
    APIConnectionError,
    APIConnectOptions,
    APIStatusError,
    APITimeoutError,
)
from livekit.agents.llm import CompletionUsage, LLMStream
from livekit.plugins import openai

from core.catalog import Route
from core.errors import (
    ProviderClosed,
    ProviderError,
    ProviderTimeout,
)
from core.setting_groups import UpstreamSettings
from pipeline.attempt import OnSign
from pipeline.metering import Meter
from pipeline.ports import Message, Tool, ToolCall
from pipeline.providers.chat_items import chat_context, function_tools
from pipeline.providers.http_errors import from_status
from pipeline.providers.openai_watch import Watch, WatchedClient
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
        self._client = WatchedClient(
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
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool] = (),
        *,
        may_call: bool = True,
        on_sign: OnSign = lambda _: None,
    ) -> AsyncIterator[AsyncIterator[str | ToolCall]]:
        """Stream content, reasoning left out, and calls, each when it is whole; leaving closes the
        request and meters it."""
        watch = Watch(on_sign)
        count = _Count(messages)
        async with self._llm.chat(
            chat_ctx=chat_context(messages),
            tools=function_tools(tools),
            tool_choice=NOT_GIVEN if may_call else "none",
            conn_options=self._options,
            extra_kwargs={"watch": watch},
        ) as stream:
            try:
                yield self._items(stream, watch, count)
            finally:
                count.add_to(self._meter)

    async def _items(
        self, stream: LLMStream, watch: Watch, count: "_Count"
    ) -> AsyncIterator[str | ToolCall]:
        count.is_under_way = True
        try:
            async for chunk in stream:
                count.usage = chunk.usage or count.usage
                if chunk.delta is None:
                    continue
                if chunk.delta.content:
                    count.n_written += 1
                    yield chunk.delta.content
                for call in chunk.delta.tool_calls:
                    count.n_written += 1 + len(call.arguments) // BYTES_PER_TOKEN
                    yield ToolCall(call.call_id, call.name, call.arguments)
        except (APIStatusError, APITimeoutError, APIConnectionError) as exc:
            count.is_under_way = False
            raise self._translated(exc, watch) from None
        count.is_under_way = False
        if watch.is_broken:
            raise ProviderClosed(self.route.upstream, "an error told as the answer's end")

    def _translated(self, exc: Exception, watch: Watch) -> ProviderError:
        upstream = self.route.upstream
        if isinstance(exc, APIStatusError) and exc.status_code > 0:
            return from_status(upstream, exc.status_code, exc.body, retry_after=watch.retry_after)
        if isinstance(exc, APITimeoutError):
            return ProviderTimeout(upstream, "no token in time")
        return ProviderClosed(upstream, "the stream broke")

    async def aclose(self) -> None:
        """Close connections."""
        await self._llm.aclose()
        await self._client.close()


@dataclass(slots=True)
class _Count:
    """The tokens of a request. Usage comes last: of an answer that was cut off it is estimated, a
    chunk a token; one that was left before its first word was read all the same."""

    messages: Sequence[Message]
    n_written: int = 0
    usage: CompletionUsage | None = None
    is_under_way: bool = False

    def add_to(self, meter: Meter) -> None:
        if self.usage is not None:
            meter.add_tokens(read=self.usage.prompt_tokens, written=self.usage.completion_tokens)
        elif self.n_written or self.is_under_way:
            n_bytes = sum(map(_n_bytes, self.messages))
            meter.add_tokens(read=n_bytes // BYTES_PER_TOKEN, written=self.n_written)


def _n_bytes(message: Message) -> int:
    return sum(len(text.encode()) for text in (message.text, *(c.arguments for c in message.calls)))
