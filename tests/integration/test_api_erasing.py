"""Erasing a session: what is gone, what stays, and what comes too late."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from store.events import EventKind, EventRepository, NewEvent
from store.holds import Belongings, HoldRepository
from store.records import NewTurn, SessionId, TurnId
from store.turns import TurnRepository
from tests.integration.api import SESSIONS, Answer, Api
from tests.integration.dumps import dumped, found_in
from tests.integration.rows import held

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID, ANSWERED, KNOWN, ASKED = "kumquat", "rambutan", "mangosteen", "durian"
GIVEN, FETCHED, INVENTED = "soursop", "langsat", "pulasan"
CALL = {"id": GIVEN, "arguments": f'{{"fruit": "{GIVEN}"}}', "result": FETCHED}
TOLD = {"outcome": "succeeded", "began_at_ms": 900, "duration_ms": 310}
ROUNDS = [
    [
        {**CALL, **TOLD, "name": "find_fruit", "is_cut": True},
        {**CALL, **TOLD, "name": INVENTED, "outcome": "unknown_tool"},
        {**CALL, "name": INVENTED},
        FETCHED,
    ],
    {"text": FETCHED, "calls": []},
]
LEFT = {"arguments": None, "result": None, "is_cut": False}
LATE = "salak"


async def erase(api: Api, session_id: str, token: str | None = None, **more: str) -> Answer:
    headers = {"Authorization": f"Bearer {token or api.token()}", **more}
    return await api.send("POST", f"{SESSIONS}/{session_id}/erase", headers=headers)


async def talked(api: Api) -> dict[str, Any]:
    """A session with two turns."""
    created = await api.create(
        metadata={"customer": KNOWN},
        system_prompt=f"Sell {ASKED}.",
        greeting=f"Want {ASKED}?",
        webhook_url="https://8.8.8.8/",
    )
    session: dict[str, Any] = created.json
    for index in range(2):
        await add_turn(api, session["id"], index)
    return session


async def add_turn(api: Api, session_id: str, index: int) -> None:
    turn = NewTurn(
        id=TurnId(uuid4()),
        turn_index=index,
        user_transcript=f"I want a {SAID}",
        agent_response=f"Have a {ANSWERED}",
        first_audio_ms=300,
        tool_rounds=ROUNDS,
        upstream={"llm": "moonshot"},
        passages=[{"document_id": "d", "document": FETCHED, "number": 1, "text": FETCHED}],
        faults=[{"kind": "model_late", "at_ms": 5}],
    )
    async with api.database.connection() as connection:
        await TurnRepository(connection).add_turn(SessionId(UUID(session_id)), turn)


async def test_not_one_of_its_words_is_left_and_times_and_costs_are(
    api: Api, api_env: dict[str, str]
) -> None:
    session = await talked(api)
    path = f"{SESSIONS}/{session['id']}"
    await api.send("DELETE", path)
    before = (await api.get(f"{path}/transcript")).json

    answer = await erase(api, session["id"])

    assert (answer.status, answer.body) == (204, b"")
    words = (SAID, ANSWERED, KNOWN, ASKED, GIVEN, FETCHED, INVENTED)
    assert found_in(dumped(api_env["DATABASE_URL"]), words) == []
    after = (await api.get(path)).json
    assert (after["metadata"], after["config"]["system_prompt"]) == (None, "")
    assert after["erased_at"].endswith("Z")
    assert after["turn_count"] == 2
    turns = (await api.get(f"{path}/transcript")).json
    unknown = {"name": "", "outcome": None, "began_at_ms": None, "duration_ms": None}
    gone = {
        "user_transcript": "",
        "agent_response": "",
        "passages": [],
        "tool_calls": [
            {"name": "find_fruit", **LEFT, **TOLD},
            {"name": "", **LEFT, **TOLD, "outcome": "unknown_tool"},
            {**unknown, **LEFT},
        ],
    }
    assert turns == [{**turn, **gone} for turn in before]
    assert turns[0]["upstream"]["llm"] == "moonshot"
    assert turns[0]["faults"][0]["kind"] == "model_late"


async def test_what_a_journal_brings_later_comes_without_words(
    api: Api, api_env: dict[str, str]
) -> None:
    session = await talked(api)
    await api.send("DELETE", f"{SESSIONS}/{session['id']}")
    await erase(api, session["id"])

    await add_turn(api, session["id"], 2)

    turns = (await api.get(f"{SESSIONS}/{session['id']}/transcript")).json
    assert [turn["agent_response"] for turn in turns] == ["", "", ""]
    assert turns[2]["first_audio_ms"] == 300
    assert found_in(dumped(api_env["DATABASE_URL"]), (ANSWERED, GIVEN, FETCHED, INVENTED)) == []


async def test_what_its_agent_tells_and_leaves_later_is_not_kept(
    api: Api, api_env: dict[str, str]
) -> None:
    session = await talked(api)
    mandate = await held(api.database, SessionId(UUID(session["id"])))
    await api.send("DELETE", f"{SESSIONS}/{session['id']}")
    await erase(api, session["id"])

    told = NewEvent(EventKind.TRANSCRIPT, {"role": "agent", "text": LATE})
    open_turn = NewTurn(id=TurnId(uuid4()), turn_index=2, user_transcript=LATE, agent_response=LATE)
    left = Belongings({"said": LATE}, open_turn)
    async with api.database.connection() as connection:
        await EventRepository(connection).tell(
            mandate.session_id, [told], write_id=uuid4(), epoch=mandate.epoch
        )
        holds = HoldRepository(connection)
        assert await holds.renew(mandate.session_id, "job", lease_s=3.0, left=left)

    assert LATE not in dumped(api_env["DATABASE_URL"])
    stream = await api.get(f"{SESSIONS}/{session['id']}/events")
    assert stream.body.decode().count("event: ") == 1


async def test_a_session_that_has_not_ended_keeps_its_words(api: Api) -> None:
    session = await talked(api)

    refused = await erase(api, session["id"])

    assert (refused.status, refused.code) == (409, "conflict")
    turns = (await api.get(f"{SESSIONS}/{session['id']}/transcript")).json
    assert SAID in turns[0]["user_transcript"]
    assert "erased_at" not in (await api.get(f"{SESSIONS}/{session['id']}")).json


async def test_erasing_again_changes_nothing(api: Api) -> None:
    session = await talked(api)
    path = f"{SESSIONS}/{session['id']}"
    await api.send("DELETE", path)
    assert (await erase(api, session["id"])).status == 204
    first = (await api.get(path)).json

    assert (await erase(api, session["id"])).status == 204
    keyed = [await erase(api, session["id"], **{"Idempotency-Key": "a"}) for _ in range(2)]

    assert [(one.status, one.body) for one in keyed] == [(204, b"")] * 2
    assert keyed[1].headers["Idempotent-Replayed"] == "true"
    assert (await api.get(path)).json == first


async def test_erasing_is_for_managers_of_the_tenant(api: Api) -> None:
    session = await talked(api)
    await api.send("DELETE", f"{SESSIONS}/{session['id']}")
    other = await api.for_new_tenant()

    statuses = [
        (await erase(api, session["id"], token)).status
        for token in (api.key, api.token(role="agent"), other.token(), api.token(role="admin"))
    ]

    assert statuses == [403, 403, 404, 204]
