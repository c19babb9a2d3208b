"""The caller's client of the API, against a server that answers whatever it is told."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from cli.caller.errors import ApiRefused, ApiUnreachable
from cli.caller.session_api import SessionApi

Handler = Callable[[web.Request], Awaitable[web.Response]]
SESSION = {"id": "7c2b9e30", "status": "created", "ws_url": "ws://lk", "token": "t", "new": 1}


@asynccontextmanager
async def answering(handler: Handler) -> AsyncIterator[SessionApi]:
    app = web.Application()
    app.router.add_route("*", "/v1/voice/sessions", handler)
    app.router.add_route("*", "/v1/voice/sessions/{rest:.*}", handler)
    async with TestServer(app) as server, SessionApi(str(server.make_url("/")), "cm_key") as api:
        yield api


async def test_a_session_is_created_with_the_key_and_the_fields() -> None:
    seen: list[tuple[str, object]] = []

    async def create(request: web.Request) -> web.Response:
        seen.append((request.headers["Authorization"], await request.json()))
        return web.json_response(SESSION, status=201)

    async with answering(create) as api:
        session = await api.create({"voice": "ritu"})
    assert seen == [("Bearer cm_key", {"voice": "ritu"})]
    assert (session.ws_url, session.token, session.is_over) == ("ws://lk", "t", False)


async def test_a_refusal_is_shown_as_the_api_says_it() -> None:
    error = {"error": {"message": "voice is too long", "code": "validation_error", "type": "x"}}

    async def refuse(_: web.Request) -> web.Response:
        return web.json_response(error, status=422)

    async with answering(refuse) as api:
        with pytest.raises(ApiRefused, match=r"voice is too long \(422 validation_error\)"):
            await api.create({})


@pytest.mark.parametrize("status", [200, 502])
async def test_an_answer_that_is_not_the_apis_is_no_session(status: int) -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>a proxy's page</html>", status=status)

    async with answering(page) as api:
        with pytest.raises(ApiUnreachable):
            await api.get("7c2b9e30")


async def test_turns_are_read_and_unknown_fields_ignored() -> None:
    async def transcript(request: web.Request) -> web.Response:
        turns = [{"turn_index": 0, "agent_response": "Hello.", "first_audio_ms": None, "new": 1}]
        return web.Response(text=json.dumps(turns), content_type="application/json")

    async with answering(transcript) as api:
        (turn,) = await api.turns("7c2b9e30")
    assert (turn.agent_response, turn.first_audio_ms) == ("Hello.", None)


async def test_an_api_that_is_not_there_is_named_without_the_key() -> None:
    address = f"http://127.0.0.1:{unused_port()}"
    async with SessionApi(address, "cm_live_secret") as api:
        with pytest.raises(ApiUnreachable) as caught:
            await api.get("7c2b9e30")
    assert address in str(caught.value)
    assert "cm_live_secret" not in str(caught.value)
