"""Scripted faults of a chat completion: tokens up to a point, then the failure."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from sandbox.backstage import Backstage
from sandbox.chat_request import ChatCall
from sandbox.ports import Thought, ToolCall
from sandbox.script import ChatFault

_FOR_EVER_S = 3600.0
_WHOLE = ("empty", "blank", "reasoning")
"""Kinds that strike the whole answer."""


class Broken(Exception):
    """The scripted failure of an answer that has begun."""

    def __init__(self, fault: ChatFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def find_fault(backstage: Backstage, call: ChatCall) -> ChatFault | None:
    matching = tuple(
        fault
        for fault in backstage.script.chat.faults
        if fault.upstream in ("", call.request.upstream)
        and re.search(fault.model, call.request.model)
        and backstage.strikes(fault)
    )
    return next(backstage.due(matching), None)


async def tokens(
    backstage: Backstage, call: ChatCall, fault: ChatFault | None
) -> AsyncGenerator[str | ToolCall | Thought]:
    """The reply's tokens and calls up to ``max_tokens``. Raises Broken where the fault says so."""
    count = 0
    async with aclosing(backstage.providers.talker.reply(call.request)) as reply:
        async for token in reply:
            await _strike_at(fault, count)
            if fault is not None and fault.kind == "empty":
                return
            if call.max_tokens is not None and count >= call.max_tokens:
                return
            yield _disguised(token, fault)
            count += 1
        if fault is not None and fault.after_tokens >= count:
            await _strike_at(fault, fault.after_tokens)


async def _strike_at(fault: ChatFault | None, count: int) -> None:
    """Do what the fault does before token number ``count``."""
    if fault is None or fault.kind in _WHOLE or count != fault.after_tokens:
        return
    if fault.kind == "late":
        await asyncio.sleep(fault.delay_ms / 1000)
        return
    if fault.kind == "hang":
        await asyncio.sleep(_FOR_EVER_S)
    raise Broken(fault)


def _disguised(token: str | ToolCall, fault: ChatFault | None) -> str | ToolCall | Thought:
    if fault is None or isinstance(token, ToolCall):
        return token
    if fault.kind == "blank":
        return "\n"
    return Thought(token) if fault.kind == "reasoning" else token
