"""Chat completions and model lists of every upstream."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from aiohttp import web

from sandbox.backstage import BACKSTAGE, Backstage
from sandbox.chat_answer import Answer
from sandbox.chat_faults import Broken, find_fault, tokens
from sandbox.chat_habits import check_habit, find_habit, in_own_way, load
from sandbox.chat_request import ChatCall, parse_call
from sandbox.chat_upstreams import Upstream, find_upstream
from sandbox.ports import Thought, ToolCall
from sandbox.record import Received
from sandbox.sockets import stop_tasks


async def list_models(request: web.Request) -> web.StreamResponse:
    backstage = request.app[BACKSTAGE]
    backstage.record(request)
    upstream = find_upstream(request)
    upstream.check_key(request, backstage.script)
    serves = find_habit(backstage, upstream).serves
    models = (serves,) if serves else upstream.models or ("sandbox",)
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


async def _complete(
    request: web.Request, backstage: Backstage, received: Received
) -> web.StreamResponse:
    upstream = find_upstream(request)
    upstream.check_key(request, backstage.script)
    received.body = await _read_json(request, upstream)
    call = parse_call(received.body, upstream)
    fault = find_fault(backstage, call)
    if fault is not None and fault.kind == "status":
        raise upstream.refuse(fault.status, fault.message, fault.code, fault.retry_after_s)
    habit = find_habit(backstage, upstream)
    check_habit(habit, upstream, received.body)
    await load(backstage, habit)
    answer = Answer(call, habit)
    own_way = in_own_way(habit, received.body, tokens(backstage, call, fault))
    async with aclosing(own_way) as answered:
        if not call.is_stream:
            return await _send_whole(request, upstream, call, answer, answered)
        return await _send_stream(request, backstage, call, answer, answered)


async def _read_json(request: web.Request, upstream: Upstream) -> Any:
    try:
        body: Any = json.loads(await request.read())
    except ValueError as exc:
        raise upstream.refuse(400, "The body is not valid JSON") from exc
    return body


async def _send_whole(
    request: web.Request,
    upstream: Upstream,
    call: ChatCall,
    answer: Answer,
    answered: AsyncGenerator[str | ToolCall | Thought],
) -> web.StreamResponse:
    text = ""
    calls = []
    try:
        async for token in answered:
            if isinstance(token, ToolCall):
                calls.append(answer.call(token))
                continue
            if isinstance(token, Thought):
                answer.think(token)
                continue
            text += token
            answer.tokens += 1
    except Broken as exc:
        if exc.fault.kind == "drop":
            _cut(request)
        raise upstream.refuse(502, exc.fault.message, exc.fault.code) from exc
    return web.json_response(answer.whole(text, calls, _finish_reason(call, answer)))


async def _send_stream(
    request: web.Request,
    backstage: Backstage,
    call: ChatCall,
    answer: Answer,
    answered: AsyncGenerator[str | ToolCall | Thought],
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    if call.request.upstream == "openrouter":
        response.headers["X-Generation-Id"] = answer.id
    await response.prepare(request)
    comments = asyncio.create_task(_comment(response, backstage.script.chat.comment_interval_ms))
    try:
        async for token in answered:
            comments.cancel()
            for chunk in answer.chunks(token):
                await response.write(answer.habit.idle_lines.encode() + chunk)
        await response.write(answer.end(_finish_reason(call, answer)))
    except Broken as exc:
        if exc.fault.kind == "drop":
            _cut(request)
            return response
        is_dressed = exc.fault.kind == "dressed"
        error = answer.error(exc.fault.code, exc.fault.message)
        await response.write(answer.dressed_error() if is_dressed else error)
    finally:
        await stop_tasks(comments)
    await response.write_eof()
    return response


async def _comment(response: web.StreamResponse, interval_ms: int) -> None:
    while interval_ms:
        await response.write(b": OPENROUTER PROCESSING\n\n")
        await asyncio.sleep(interval_ms / 1000)


def _finish_reason(call: ChatCall, answer: Answer) -> str | None:
    if answer.n_calls:
        return {"": "tool_calls", "null": None}.get(answer.habit.finish, answer.habit.finish)
    return "length" if call.max_tokens == answer.tokens else "stop"


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
