"""Chat completions and model lists of every upstream."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from aiohttp import web

from sandbox.backstage import BACKSTAGE, Backstage
from sandbox.chat_answer import Answer
from sandbox.chat_request import ChatCall, parse_call
from sandbox.chat_upstreams import Upstream, find_upstream
from sandbox.ports import ToolCall
from sandbox.record import Received
from sandbox.script import ChatFault
from sandbox.sockets import stop_tasks

_FOR_EVER_S = 3600.0


class _Broken(Exception):
    """The scripted failure of an answer that has begun."""

    def __init__(self, fault: ChatFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


async def list_models(request: web.Request) -> web.StreamResponse:
    backstage = request.app[BACKSTAGE]
    backstage.record(request).is_open = False
    upstream = find_upstream(request)
    upstream.check_key(request, backstage.script)
    models = upstream.models or ("sandbox",)
    data = [{"id": model, "object": "model", "owned_by": upstream.name} for model in models]
    return web.json_response({"object": "list", "data": data})


async def complete(request: web.Request) -> web.StreamResponse:
    backstage = request.app[BACKSTAGE]
    received = backstage.record(request)
    try:
        return await _complete(request, backstage, received)
    except (asyncio.CancelledError, ConnectionError):
        received.was_dropped = True
        raise
    finally:
        received.is_open = False


async def _complete(
    request: web.Request, backstage: Backstage, received: Received
) -> web.StreamResponse:
    upstream = find_upstream(request)
    upstream.check_key(request, backstage.script)
    received.body = await _read_json(request, upstream)
    call = parse_call(received.body, upstream)
    fault = _find_fault(backstage, call)
    if fault is not None and fault.kind == "status":
        raise upstream.refuse(fault.status, fault.message, fault.code, fault.retry_after_s)
    answer = Answer(call)
    async with aclosing(_tokens(backstage, call, fault)) as tokens:
        if not call.is_stream:
            return await _send_whole(request, upstream, call, answer, tokens)
        return await _send_stream(request, backstage, call, answer, tokens)


async def _read_json(request: web.Request, upstream: Upstream) -> object:
    try:
        body: object = json.loads(await request.read())
    except ValueError as exc:
        raise upstream.refuse(400, "The body is not valid JSON") from exc
    return body


def _find_fault(backstage: Backstage, call: ChatCall) -> ChatFault | None:
    matching = tuple(
        fault
        for fault in backstage.script.chat.faults
        if fault.upstream in ("", call.request.upstream)
        and re.search(fault.model, call.request.model)
    )
    return next(backstage.due(matching), None)


async def _tokens(
    backstage: Backstage, call: ChatCall, fault: ChatFault | None
) -> AsyncGenerator[str | ToolCall]:
    """The reply's tokens and calls up to ``max_tokens``. Raises _Broken where the fault says so."""
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
    raise _Broken(fault)


async def _send_whole(
    request: web.Request,
    upstream: Upstream,
    call: ChatCall,
    answer: Answer,
    tokens: AsyncGenerator[str | ToolCall],
) -> web.StreamResponse:
    text = ""
    calls = []
    try:
        async for token in tokens:
            if isinstance(token, ToolCall):
                calls.append(answer.call(token))
                continue
            text += token
            answer.tokens += 1
    except _Broken as exc:
        if exc.fault.kind == "drop":
            _cut(request)
        raise upstream.refuse(502, exc.fault.message, exc.fault.code) from exc
    return web.json_response(answer.whole(text, calls, _finish_reason(call, answer)))


async def _send_stream(
    request: web.Request,
    backstage: Backstage,
    call: ChatCall,
    answer: Answer,
    tokens: AsyncGenerator[str | ToolCall],
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    if call.request.upstream == "openrouter":
        response.headers["X-Generation-Id"] = answer.id
    await response.prepare(request)
    comments = asyncio.create_task(_comment(response, backstage.script.chat.comment_interval_ms))
    try:
        async for token in tokens:
            comments.cancel()
            for chunk in answer.chunks(token):
                await response.write(chunk)
        await response.write(answer.end(_finish_reason(call, answer)))
    except _Broken as exc:
        if exc.fault.kind == "drop":
            _cut(request)
            return response
        await response.write(answer.error(exc.fault.code, exc.fault.message))
    finally:
        await stop_tasks(comments)
    await response.write_eof()
    return response


async def _comment(response: web.StreamResponse, interval_ms: int) -> None:
    while interval_ms:
        await response.write(b": OPENROUTER PROCESSING\n\n")
        await asyncio.sleep(interval_ms / 1000)


def _finish_reason(call: ChatCall, answer: Answer) -> str:
    if answer.n_calls:
        return "tool_calls"
    return "length" if call.max_tokens == answer.tokens else "stop"


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
