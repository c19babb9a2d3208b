"""Voices and languages reach the providers as the providers call them."""

import asyncio

import pytest

from core.catalog import Catalog
from sandbox.record import Requests
from sandbox.server import Sandbox
from tests.e2e import room
from tests.e2e.account import Account, Json, call

pytestmark = pytest.mark.asyncio(loop_scope="session")

CATALOG = Catalog.load()
LACKING_IN_THE_PLUGIN = (
    *("anand", "gokul", "mani", "mohit", "rehan", "soham", "sunny", "tarun", "vijay"),
)
AT_ONCE = 3


async def hear_greeting(account: Account, **body: str) -> Json:
    """A short call; the greeting's turn."""
    session = await account.create(**body)
    async with call(session) as caller:
        await room.turn(caller, 0)
        await account.delete(session["id"])
    return (await account.turns_stored(session["id"], 1))[0]


def speakers(requests: Requests) -> set[str]:
    """Who was asked to speak."""
    return {
        config["speaker"]
        for socket in requests.to("/text-to-speech/ws")
        for config in socket.details("config")
    }


async def test_voices_that_the_plugin_does_not_know_speak(
    providers: Sandbox, account: Account
) -> None:
    places = asyncio.Semaphore(AT_ONCE)

    async def greet(voice: str) -> Json:
        async with places:
            return await hear_greeting(account, voice=voice)

    greetings = await asyncio.gather(*map(greet, LACKING_IN_THE_PLUGIN))
    assert all(turn["agent_response"] and not turn["interrupted"] for turn in greetings)
    assert speakers(providers.requests) == set(LACKING_IN_THE_PLUGIN)


async def test_an_english_voice_lives_on_in_the_newer_model(
    providers: Sandbox, account: Account
) -> None:
    await hear_greeting(account, voice="Amelia")
    (socket, *_) = providers.requests.to("/text-to-speech/ws/v2")
    assert socket.query["model"] == "bulbul:v4-flash"
    assert socket.details("config")[0]["speaker"] == "amelia_en_conversational"


@pytest.mark.parametrize(
    ("language", "stt_model", "path", "parameter", "code"),
    [
        ("hi-IN", "saaras:v3-realtime", "-realtime/ws", "language_code", "hi-IN"),
        ("od-IN", "saaras:v3-realtime", "-realtime/ws", "language_code", "or-IN"),
        ("od-IN", "saaras:v3", "-text/ws", "language-code", "od-IN"),
    ],
)
async def test_each_socket_gets_the_language_by_its_own_name(
    language: str,
    stt_model: str,
    path: str,
    parameter: str,
    code: str,
    providers: Sandbox,
    account: Account,
) -> None:
    session = await account.create(language=language, stt_model=stt_model, greeting=None)
    async with call(session) as caller:
        greeting = await room.turn(caller, 0)
        await account.delete(session["id"])
    known = CATALOG.language(language)
    assert known is not None
    assert greeting.agent_response == known.greeting
    (listening,) = providers.requests.to(path)
    assert listening.query[parameter] == code
    speaking = providers.requests.to("/text-to-speech/ws")[0].details("config")[0]
    assert speaking["target_language_code"] == speaking["language_code"] == language
