"""Scripted faults of a chat completion: tokens up to a point, then the failure."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from sandbox.backstage import Backstage
from sandbox.chat_request import ChatCall
from sandbox.ports import ToolCall
from sandbox.script import ChatFault

_FOR_EVER_S = 3600.0


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
    )
    return next(backstage.due(matching), None)


async def tokens(
    backstage: Backstage, call: ChatCall, fault: ChatFault | None
) -> AsyncGenerator[str | ToolCall]:
    """The reply's tokens and calls up to ``max_tokens``. Raises Broken where the fault says so."""
    count = 0
    async with aclosing(backstage.providers.talker.reply(call.request)) as reply:
        async for token in reply:
            await _break_at(fault, count)
            if call.max_tokens is not None and count >= call.max_tokens:
                return
            yield token
            count += 1
        await _break_at(fault, max(count, fault.after_tokens if fault else 0))


async def _break_at(fault: ChatFault | None, count: int) -> None:
    if fault is None or count < fault.after_tokens:
        return
    if fault.kind == "hang":
        await asyncio.sleep(_FOR_EVER_S)
    raise Broken(fault)
