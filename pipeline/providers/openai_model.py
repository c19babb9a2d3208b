"""One upstream that speaks like the vendor of the `openai` client; its stream is read by us."""

import asyncio
import functools
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, Final

import httpx2
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AsyncStream,
    OpenAIError,
)

from core.catalog import HOSTS_OWN, Quirk, Route
from core.errors import ProviderClosed, ProviderDenied, ProviderError, ProviderTimeout
from core.setting_groups import UpstreamSettings
from core.supervision import stop_tasks
from pipeline.attempt import OnSign, Question, Sign
from pipeline.clock import now
from pipeline.metering import Meter
from pipeline.ports import Item, Message, Tool
from pipeline.providers.chat_lines import PatientOpenAI
from pipeline.providers.chat_marks import marks_of
from pipeline.providers.chat_refusals import Wanted, wanted
from pipeline.providers.chat_request import chat_body
from pipeline.providers.chat_stream import ChatStream
from pipeline.providers.chat_text import Piece
from pipeline.providers.http_errors import from_status
from pipeline.providers.tls import trust
from pipeline.providers.token_count import TokenCount, TokenScale
from pipeline.route_board import RouteBoard
from pipeline.spending import account_at_hand

log = logging.getLogger(__name__)

_KEPT_CONNECTIONS: Final = httpx2.Limits(keepalive_expiry=120.0)
"""Seconds: longer than callers are silent."""
_NO_CHAT: Final = ("embed", "rerank", "whisper", "tts")
"""In the names of models that hosts list and that answer nobody."""


class OpenAIModel:
    """A model on an upstream. Connections are kept between replies; `aclose` ends them.

    What its host turns out to want otherwise is remembered on the `board`, for all who ask it.
    """

    def __init__(
        self,
        route: Route,
        upstream: UpstreamSettings,
        token_timeout_s: float,
        meter: Meter,
        board: RouteBoard,
    ) -> None:
        self.route = route
        self._upstream = upstream
        self._meter = meter
        self._board = board
        self._own_quirks: frozenset[Quirk] = frozenset()
        self._name = "" if route.model == HOSTS_OWN else route.model
        self._scale = TokenScale()
        self._warming: asyncio.Task[None] | None = None
        self._token_timeout_s = token_timeout_s

    @functools.cached_property
    def _client(self) -> PatientOpenAI:
        """Made when it is first used: of a session's upstreams mostly one is."""
        silence_s = max(self._token_timeout_s, self.route.load_s)
        return PatientOpenAI(
            base_url=self._upstream.url,
            api_key=self._upstream.api_key.get_secret_value(),
            max_retries=0,
            http_client=httpx2.AsyncClient(
                verify=trust(),
                timeout=httpx2.Timeout(self._token_timeout_s, read=silence_s),
                limits=_KEPT_CONNECTIONS,
            ),
        )

    def prewarm(self, tools: Sequence[Tool] = ()) -> None:
        """Open the connection that the first reply will use, and have its host load the model where
        that takes long, in the background; and be ready to read the calls of these tools."""
        marks_of(tools)
        self._warming = asyncio.create_task(self.warm(), name="llm-prewarm")

    async def warm(self) -> None:
        """What `prewarm` does; a host that fails is asked again when there is a question."""
        try:
            name = await self._found_name()
            if not self.route.load_s:
                # For the connection's sake: hosts list hundreds, and nobody reads them.
                await self._client.models.with_raw_response.list()
                return
            hello: Any = [{"role": "user", "content": "Hello"}]
            await self._client.chat.completions.create(
                model=name, messages=hello, max_tokens=1, timeout=self.route.load_s
            )
        except (OpenAIError, ProviderError, ValueError) as exc:
            log.info(
                "llm.not_warm",
                extra={"upstream": self.route.upstream, "error": type(exc).__name__},
            )

    @asynccontextmanager
    async def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool] = (),
        *,
        may_call: bool = True,
        on_sign: OnSign = lambda _: None,
    ) -> AsyncIterator[AsyncIterator[Item]]:
        """Stream content, reasoning left out, and calls, each when it is whole; leaving closes the
        request and meters it. `Withdrawn` comes behind what turned out to be reasoning."""
        count = TokenCount(messages, self._scale)
        account_at_hand().ask(count.spent)
        items = self._items(Question(messages, tools, may_call), count, on_sign)
        try:
            async with aclosing(items):
                yield items
        finally:
            count.add_to(self._meter)

    async def _items(
        self, question: Question, count: TokenCount, on_sign: OnSign
    ) -> AsyncGenerator[Item]:
        opens_in_thought = "opens_in_thought" in self._quirks
        answer = ChatStream(question.tools, opens_in_thought=opens_in_thought)
        count.is_under_way = True
        try:
            async with aclosing(self._pieces(question, answer, count)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Sign):
                        on_sign(piece)
                        continue
                    count.add(piece)
                    yield piece
        except (APIError, ProviderError) as exc:
            count.is_under_way = False
            raise self._translated(exc) from None
        count.is_under_way = False
        if answer.thought_aloud:
            self._learn(Wanted(frozenset({"opens_in_thought"}), is_lasting=True))
        if answer.problem:
            raise ProviderClosed(self.route.upstream, answer.problem)

    async def _pieces(
        self, question: Question, answer: ChatStream, count: TokenCount
    ) -> AsyncGenerator[Piece]:
        async with await self._opened(question) as stream:
            async for chunk in stream:
                pieces = answer.read(chunk)
                count.told = answer.tokens
                for piece in pieces:
                    yield piece
        for piece in answer.end():
            yield piece

    # The request

    @property
    def _quirks(self) -> frozenset[Quirk]:
        learnt = self._board.health(self.route).quirks_at(now())
        return self.route.quirks | self._own_quirks | learnt

    async def _opened(self, question: Question) -> AsyncStream[Any]:
        """Ask, and where the host refuses how it is asked, ask again as it seems to want it."""
        name, quirks = await self._found_name(), self._quirks
        turned_out: list[Wanted] = []
        while True:
            body = chat_body(name, question, self.route, quirks)
            try:
                stream: AsyncStream[Any] = await self._client.chat.completions.create(**body)
            except APIStatusError as exc:
                turned_out.append(wanted(exc.status_code, exc.body, self.route.extra_body))
                quirks |= turned_out[-1].quirks
                if chat_body(name, question, self.route, quirks) == body:
                    raise
            else:
                for one in turned_out:
                    self._learn(one)
                return stream

    def _learn(self, turned_out: Wanted) -> None:
        """Ask so from now on: for a while everybody, or only this session."""
        if turned_out.quirks <= self._quirks:
            return
        log.warning(
            "llm.wants_otherwise",
            extra={"upstream": self.route.upstream, "quirks": sorted(turned_out.quirks)},
        )
        if turned_out.is_lasting:
            self._board.note(self.route, lambda health: health.learnt(turned_out.quirks, now()))
        else:
            self._own_quirks |= turned_out.quirks

    async def _found_name(self) -> str:
        """What the host calls the model. Raises `ProviderDenied` where it has several, and the
        settings name none."""
        if not self._name and not (name := self._upstream.model):
            listed = [one.id async for one in self._client.models.list()]
            names = [one for one in listed if not any(mark in one.casefold() for mark in _NO_CHAT)]
            if len(names) != 1:
                raise ProviderDenied(self.route.upstream, f"{len(names)} models, and none is named")
            name = names[0]
        self._name = self._name or name
        return self._name

    def _translated(self, exc: Exception) -> ProviderError:
        upstream = self.route.upstream
        if isinstance(exc, ProviderError):
            return exc
        if isinstance(exc, APIStatusError):
            retry_after = exc.response.headers.get("retry-after", "")
            return from_status(upstream, exc.status_code, exc.body, retry_after=retry_after)
        if isinstance(exc, APITimeoutError):
            return ProviderTimeout(upstream, "no token in time")
        if isinstance(exc, APIConnectionError):
            return ProviderClosed(upstream, "the stream broke")
        body = getattr(exc, "body", None)
        code = body.get("code") if isinstance(body, dict) else None
        if isinstance(code, int) and 400 <= code < 600:
            return from_status(upstream, code, body)
        return ProviderClosed(upstream, "an error in the stream")

    async def aclose(self) -> None:
        """Close connections."""
        if self._warming is not None:
            await stop_tasks([self._warming])
        if "_client" in vars(self):
            await self._client.close()
