"""What the stream of a completion shows beside its words, which livekit-plugins-openai drops.

The client is the one that the plugin is given. Of a request that is made with a `watch` it shows
each chunk, before the plugin reads it, and the answer's head where that is an error.
"""

import re
from collections.abc import AsyncIterator
from functools import cached_property
from types import TracebackType
from typing import Any, Final

from openai import APIStatusError, AsyncOpenAI, AsyncStream
from openai.resources.chat import AsyncChat, AsyncCompletions
from openai.types.chat import ChatCompletionChunk
from openai.types.chat.chat_completion_chunk import Choice

from pipeline.attempt import OnSign, Sign

_THOUGHTS: Final = ("reasoning", "reasoning_content")
_BROKEN: Final = re.compile(r"error|network|connection|overloaded|unavailable", re.IGNORECASE)
"""In the reason of an answer's end; OpenRouter keeps the host's own one apart."""


class Watch:
    """One request: tells the signs, keeps what its end means."""

    def __init__(self, on_sign: OnSign) -> None:
        self.retry_after = ""
        self.is_broken = False
        self._on_sign = on_sign

    def see(self, chunk: ChatCompletionChunk) -> None:
        """Look at what came."""
        for choice in chunk.choices:
            self._look(choice)

    def _look(self, choice: Choice) -> None:
        if choice.delta is not None and choice.delta.tool_calls:
            self._on_sign(Sign.CALLS)
        elif any(getattr(choice.delta, name, None) for name in _THOUGHTS):
            self._on_sign(Sign.THINKS)
        if choice.finish_reason is not None:
            native = getattr(choice, "native_finish_reason", None)
            self.is_broken = _BROKEN.search(f"{choice.finish_reason} {native}") is not None
            self._on_sign(Sign.ENDS)


class WatchedClient(AsyncOpenAI):
    """The client whose completions may be watched."""

    @cached_property
    def chat(self) -> AsyncChat:
        """As it is, but for its completions."""
        return _WatchedChat(self)


class _WatchedChat(AsyncChat):
    @cached_property
    def completions(self) -> AsyncCompletions:
        return _WatchedCompletions(self._client)


class _WatchedCompletions(AsyncCompletions):
    async def create(self, *, watch: Watch | None = None, **asked: Any) -> Any:
        try:
            stream = await super().create(**asked)
        except APIStatusError as exc:
            if watch is not None:
                watch.retry_after = exc.response.headers.get("retry-after", "")
            raise
        return stream if watch is None else _WatchedStream(stream, watch)


class _WatchedStream:
    """As much of a stream as the plugin uses."""

    def __init__(self, stream: AsyncStream[ChatCompletionChunk], watch: Watch) -> None:
        self._stream = stream
        self._watch = watch

    async def __aenter__(self) -> "_WatchedStream":
        await self._stream.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._stream.__aexit__(kind, error, at)

    async def __aiter__(self) -> AsyncIterator[ChatCompletionChunk]:
        async for chunk in self._stream:
            self._watch.see(chunk)
            yield chunk
