"""A model that may call tools, as one stream of tokens for a reply.

    ask ──▶ text, calls ──▶ wait for the floor ──▶ run them ──▶ ask again with the results ──▶ text
     │       │                                      │ 1.5 s and nothing said: "One moment, please."
     │       └ spoken ahead, like any speculation   └ whatever fails is a result that says so
     └ 2.5 s with the floor and no word of an answer: "One moment, please."

After `MAX_ROUNDS` the model is asked to answer without calling. `end_call`, alone in its round, is
no request to anybody: the reply ends there, and is a farewell.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NoReturn

from core.supervision import stop_tasks
from pipeline.call_ids import distinct
from pipeline.clock import now
from pipeline.judged import Ask, judged
from pipeline.ports import (
    Item,
    LanguageModel,
    Message,
    Outcome,
    Tool,
    Toolbox,
    ToolCall,
    ToolResult,
    Withdrawn,
)
from pipeline.reply import Aside, Token, TokenSource
from pipeline.spoken.markup import as_written
from pipeline.tool_use import END_CALL, Called, ToolUse, messages_of
from pipeline.words import words_in

log = logging.getLogger(__name__)

MAX_ROUNDS: Final = 5
MAX_CALLS: Final = 8
"""Of one round."""
WAIT_LINE_AFTER_S: Final = 1.5
"""A silence after which people ask whether the line is dead."""
MODEL_WAIT_LINE_AFTER_S: Final = 2.5
"""The same for a model: past this the next host's answer would have come, were there one."""
WAIT_LINE_AGAIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class ToolLines:
    """What is said without the model: while a tool takes long, and where it hangs up in silence."""

    wait: str
    farewell: str


def offered(toolbox: Toolbox, *, may_end_call: bool) -> Sequence[Tool]:
    """The tools that a model is told of."""
    return (*toolbox.tools, *([END_CALL] if may_end_call else []))


class ToolTalk:
    """Answers with a model and a toolbox; `may_end_call` offers `end_call` beside its tools. With
    `tells_unfinished` the model is asked whether the caller has broken off."""

    def __init__(
        self,
        model: LanguageModel,
        toolbox: Toolbox,
        lines: ToolLines,
        *,
        may_end_call: bool,
        tells_unfinished: bool = False,
    ) -> None:
        self.model = model
        self.toolbox = toolbox
        self.lines = lines
        self.tells_unfinished = tells_unfinished
        self.tools = offered(toolbox, may_end_call=may_end_call)

    def source(self, messages: Sequence[Message], use: ToolUse) -> TokenSource:
        """The answer to the messages; what it does with tools is kept in `use`."""

        @asynccontextmanager
        async def opened() -> AsyncIterator[AsyncIterator[Token]]:
            async with AsyncExitStack() as asking:
                rounds = _Rounds(self, list(messages), use, asking)
                opening = asyncio.create_task(rounds.ask(may_call=True), name="llm-asking")
                opening.add_done_callback(_see)
                try:
                    if await rounds.is_soon(opening):
                        opening.result()
                    async with aclosing(rounds.tokens(opening)) as tokens:
                        yield tokens
                finally:
                    await stop_tasks([opening])

        return opened


class _Rounds:
    """One answer in the making. `asking` holds the request that is under way."""

    def __init__(
        self, talk: ToolTalk, messages: list[Message], use: ToolUse, asking: AsyncExitStack
    ) -> None:
        self._talk = talk
        self._messages = messages
        self._use = use
        self._asking = asking
        self._has_spoken = self._has_waited = False

    async def is_soon(self, opening: asyncio.Task[AsyncIterator[Item]]) -> bool:
        """Wait for an answer to begin, or until it has kept the caller waiting."""
        floor = asyncio.create_task(self._use.floor(), name="llm-floor")
        try:
            await asyncio.wait({opening, floor}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({opening}, timeout=MODEL_WAIT_LINE_AFTER_S)
        finally:
            await stop_tasks([floor])
        return opening.done()

    async def ask(self, *, may_call: bool) -> AsyncIterator[Item]:
        ask: Ask = partial(
            self._talk.model.reply,
            tools=self._talk.tools,
            may_call=may_call,
            may_withdraw=lambda: not self._use.is_spoken,
        )
        if self._talk.tells_unfinished:
            ask = partial(judged, ask, judging=self._use.judging)
        return await self._asking.enter_async_context(ask(self._messages))

    async def tokens(self, opening: asyncio.Task[AsyncIterator[Item]]) -> AsyncGenerator[Token]:
        while not opening.done():
            if self._use.may_run.is_set():
                self._has_waited = True
                yield Aside(self._talk.lines.wait)
            await asyncio.wait({opening}, timeout=WAIT_LINE_AGAIN_S)
        items = opening.result()
        for n_round in range(1, MAX_ROUNDS + 2):
            said, calls = "", []
            async for item in items:
                if isinstance(item, ToolCall):
                    calls.append(item)
                    continue
                if isinstance(item, Withdrawn):
                    said, calls = "", []
                else:
                    said += item
                yield item
            await self._asking.aclose()
            if not calls or n_round > MAX_ROUNDS:
                return
            self._has_spoken |= bool(words_in(as_written(said)))
            yield Aside()
            await self._use.floor()
            if [call.name for call in calls] == [END_CALL.name] and self._offers_end:
                for aside in self._leave(calls[0]):
                    yield aside
                return
            async with aclosing(self._call(said, calls)) as asides:
                async for aside in asides:
                    yield aside
            items = await self.ask(may_call=n_round < MAX_ROUNDS)

    @property
    def _offers_end(self) -> bool:
        return END_CALL in self._talk.tools

    def _leave(self, call: ToolCall) -> list[Aside]:
        farewell = Called.begun(self._distinct(call), self._talk.tools)
        farewell.outcome = Outcome.SUCCEEDED
        self._use.rounds.append([farewell])
        self._use.ends_call = True
        return [] if self._has_spoken else [Aside(self._talk.lines.farewell)]

    async def _call(self, said: str, calls: list[ToolCall]) -> AsyncGenerator[Aside]:
        """Run a round's calls, all at once, and add them to the messages."""
        called: list[Called] = []
        self._use.rounds.append(called)
        for call in calls:
            called.append(Called.begun(self._distinct(call), self._talk.tools))
        began_at = now()
        running = asyncio.create_task(self._run_all(called), name="tools")
        try:
            await asyncio.wait([running], timeout=WAIT_LINE_AFTER_S)
            if not running.done() and not (self._has_spoken or self._has_waited):
                self._has_spoken = True
                yield Aside(self._wait_line(called))
            await running
        finally:
            self._use.spent_s += now() - began_at
            await stop_tasks([running])
        self._messages += messages_of(called, [one.result or "" for one in called], said)

    async def _run_all(self, called: list[Called]) -> None:
        async with asyncio.TaskGroup() as group:
            for index, one in enumerate(called):
                group.create_task(self._run(one, is_surplus=index >= MAX_CALLS))

    async def _run(self, called: Called, *, is_surplus: bool) -> None:
        objection = _objection(called, is_surplus=is_surplus)
        if objection is not None:
            log.info("tool.refused", extra={"is_surplus": is_surplus})
            called.end(objection)
            return
        arguments = _arguments(called.call)
        assert arguments is not None
        try:
            called.end(await self._talk.toolbox.run(called.call.name, arguments))
        except Exception as exc:  # a tool that breaks is a tool that failed: the talk goes on
            log.error("tool.broken", extra={"error": type(exc).__name__})
            called.end(ToolResult("The tool failed.", Outcome.FAILED))

    def _wait_line(self, called: list[Called]) -> str:
        own = {tool.name: tool.wait_line for tool in self._talk.tools}
        lines = (own.get(one.call.name) for one in called if one.result is None)
        return next(filter(None, lines), self._talk.lines.wait)

    def _distinct(self, call: ToolCall) -> ToolCall:
        """The call under an id that no other in the history has: hosts count anew each time."""
        known = {one.id: one for message in self._messages for one in message.calls}
        known |= {one.call.id: one.call for made in self._use.rounds for one in made}
        return distinct(call, list(known.values()))


def _see(task: asyncio.Task[Any]) -> None:
    """Look at its error: who waited for it may be gone."""
    if not task.cancelled():
        task.exception()


def _objection(called: Called, *, is_surplus: bool) -> ToolResult | None:
    """Why a call is not made at all."""
    if called.outcome is Outcome.UNKNOWN_TOOL:
        return ToolResult("There is no tool of this name.", Outcome.UNKNOWN_TOOL)
    reason = None
    if is_surplus:
        reason = f"Not called: at most {MAX_CALLS} calls are made at once."
    elif called.call.name == END_CALL.name:
        reason = "Not done: tell the caller first what came of the other calls."
    elif _arguments(called.call) is None:
        reason = "The arguments are not a JSON object."
    return None if reason is None else ToolResult(reason, Outcome.REFUSED)


def _arguments(call: ToolCall) -> dict[str, Any] | None:
    """The arguments, none for an empty text; None when they are no JSON object."""
    try:
        arguments = json.loads(call.arguments or "{}", parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return arguments if isinstance(arguments, dict) else None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
