"""The session list, narrowed down."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from control_api.request.parsing import parse_query
from control_api.sessions.list_query import ListSessions
from core.catalog import Catalog
from store.ledger import Charge, Service
from store.records import NewTurn, SessionId, TurnId
from store.sessions import COLUMNS, WHO_SAID
from store.turns import TurnRepository
from tests.integration.api import SESSIONS, Api
from tests.integration.planning import plan, unseen_tables

pytestmark = pytest.mark.asyncio(loop_scope="session")

TURN = NewTurn(id=TurnId(uuid4()), turn_index=0, user_transcript="", agent_response="")


async def said(api: Api, session: dict[str, Any], *exchanges: tuple[str, str]) -> None:
    async with api.database.connection() as connection:
        for index, (user, agent) in enumerate(exchanges):
            turn = replace(
                TURN,
                id=TurnId(uuid4()),
                turn_index=index,
                user_transcript=user,
                agent_response=agent,
            )
            await TurnRepository(connection).add_turn(SessionId(UUID(session["id"])), turn)


async def found(api: Api, **query: str) -> list[str]:
    answer = await api.get(SESSIONS, params=query)
    assert answer.status == 200, answer.json
    assert answer.headers["X-Total-Count"] == str(len(answer.json))
    return [one["id"] for one in answer.json]


async def test_filters_narrow_a_list_down_together(api: Api) -> None:
    hindi = (await api.create(language="hi-IN", voice="priya")).json["id"]
    tamil = (await api.create(language="ta-IN", voice="priya")).json["id"]
    model = (await api.create(language="ta-IN", llm_model="sarvam-105b")).json["id"]

    assert await found(api, language="hi-in") == [hindi]
    assert await found(api, voice="PRIYA") == [tamil, hindi]
    assert await found(api, language="ta-IN", voice="priya") == [tamil]
    assert await found(api, llm_model="sarvam-105b") == [model]
    assert await found(api, language="hi-IN", status="completed") == []
    assert await found(api, language="xx") == []


async def test_a_list_can_be_of_one_bots_sessions(api: Api) -> None:
    owner = {"Authorization": f"Bearer {api.token()}"}
    bot = await api.send("POST", "/api/v1/bots", json={"name": "desk"}, headers=owner)
    made = (await api.create(bot_id=bot.json["id"])).json["id"]
    await api.create()

    assert await found(api, bot_id=bot.json["id"]) == [made]
    assert await found(api, bot_id=str(uuid4())) == []


async def test_a_list_can_be_of_one_version_of_a_bot(api: Api) -> None:
    owner = {"Authorization": f"Bearer {api.token()}"}
    bot = (await api.send("POST", "/api/v1/bots", json={"name": "desk"}, headers=owner)).json
    of_draft = {"bot_id": bot["id"], "bot_version": "draft"}
    first = (await api.create(bot_id=bot["id"])).json["id"]
    draft = (await api.send("POST", SESSIONS, json=of_draft, headers=owner)).json["id"]

    assert await found(api, bot_id=bot["id"], bot_version="1") == [first]
    assert await found(api, **of_draft) == [draft]
    assert await found(api, bot_id=bot["id"], bot_version="2") == []


async def test_a_list_can_be_of_sessions_that_ended_alike(api: Api) -> None:
    ended, _ = [(await api.create()).json["id"] for _ in range(2)]
    await api.send("DELETE", f"{SESSIONS}/{ended}")

    assert await found(api, end_reason="api_delete") == [ended]
    assert await found(api, end_reason="caller_hangup") == []


async def test_a_list_tells_the_first_sound_and_the_cost_once_there_are_any(api: Api) -> None:
    session = (await api.create()).json
    listed = (await api.get(SESSIONS)).json[0]
    assert not {"first_audio_ms", "credits"} & listed.keys()
    charge = Charge(service=Service.LLM, model="kimi-k2.5", credits=Decimal("0.0432"))
    async with api.database.connection() as connection:
        heard = replace(TURN, id=TurnId(uuid4()), first_audio_at_ms=0)
        turns = TurnRepository(connection)
        await turns.add_turn(SessionId(UUID(session["id"])), heard, [charge])

    listed = (await api.get(SESSIONS)).json[0]

    assert (listed["first_audio_ms"], listed["credits"]) == (0, 0.0432)
    assert (await api.get(f"{SESSIONS}/{session['id']}")).json == listed


async def test_a_list_can_be_of_a_span_without_its_end(api: Api) -> None:
    first, second = [(await api.create()).json for _ in range(2)]

    since, until = second["created_at"], "2999-01-01T00:00:00+05:30"
    async with api.database.connection() as connection:
        for one, at in ((first, timedelta(hours=2)), (second, timedelta(0))):
            await connection.execute(
                "UPDATE sessions SET created_at = date_trunc('second', created_at) - $2::interval "
                "WHERE id = $1",
                UUID(one["id"]),
                at,
            )
    since = (await api.get(f"{SESSIONS}/{second['id']}")).json["created_at"]

    assert await found(api, created_from=since, created_to=until) == [second["id"]]
    assert await found(api, created_to=since) == [first["id"]]


async def test_words_are_found_in_every_script_and_the_last_one_may_be_begun(api: Api) -> None:
    shop, hindi, tamil = [(await api.create()).json for _ in range(3)]
    await said(api, shop, ("", "Hello!"), ("When do you OPEN on Sundays?", "At nine."))
    await said(api, hindi, ("दुकान कब खुलती है?", "दुकान नौ बजे खुलती है।"))
    await said(api, tamil, ("கடை எப்போது திறக்கும்?", "ஒன்பது மணிக்கு."))

    assert await found(api, q="open sund") == [shop["id"]]
    assert await found(api, q="nine open") == [shop["id"]]
    assert await found(api, q="sund open") == []
    assert await found(api, q="hello nine") == []
    assert await found(api, q="है।") == [hindi["id"]]
    assert await found(api, q="खुलती") == [hindi["id"]]
    assert await found(api, q="திறக்கும்") == [tamil["id"]]
    assert await found(api, q="?! …") == []


async def test_one_letter_is_a_word_and_not_the_beginning_of_one(api: Api) -> None:
    shop = (await api.create()).json
    await said(api, shop, ("Give me a pear", "Here you are"))

    assert await found(api, q="a") == [shop["id"]]
    assert await found(api, q="p") == []
    assert await found(api, q="pe") == [shop["id"]]
    assert await found(api, q="pear a") == [shop["id"]]


async def test_the_index_is_asked_for_the_tenants_words_alone(api: Api) -> None:
    async with api.database.connection() as connection:
        query = await connection.fetchval(
            "SELECT transcript_query($1, $2)::text", api.tenant_id, "O'Neil's a\\b ope"
        )

    words = query.split(" & ")
    assert all(one.startswith(f"'{str(api.tenant_id)[:8]}=") for one in words)
    assert words[-1].endswith("=ope':*") or any(one.endswith("=ope':*") for one in words)


@pytest.mark.parametrize("q", ["'; DROP TABLE turns; --", "a & | ! <-> :* ( '", "\\", "=", "%"])
async def test_a_search_is_words_and_no_language(api: Api, q: str) -> None:
    session = (await api.create()).json
    await said(api, session, ("Hello", "Good day"))

    assert await found(api, q=q) == []


async def test_nobody_finds_what_another_tenants_callers_said(api: Api) -> None:
    session = (await api.create()).json
    await said(api, session, ("My order number is pomegranate", "Thank you"))
    other = await api.for_new_tenant()

    assert await found(api, q="pomegranate") == [session["id"]]
    assert await found(other, q="pomegranate") == []
    assert await found(other, q=f"={api.tenant_id}") == []


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"language": ""}, "language"),
        ({"language": "l" * 11}, "language"),
        ({"llm_model": "m" * 101}, "llm_model"),
        ({"voice": "\0"}, "voice"),
        ({"bot_id": "no-uuid"}, "bot_id"),
        ({"bot_id": str(uuid4()), "bot_version": "0"}, "bot_version"),
        ({"bot_id": str(uuid4()), "bot_version": "drafts"}, "bot_version"),
        ({"bot_version": "draft"}, "bot_version"),
        ({"end_reason": "boredom"}, "end_reason"),
        ({"created_from": "yesterday"}, "created_from"),
        ({"created_to": "2026-01-01T00:00:00"}, "created_to"),
        (
            {"created_from": "2026-01-02T00:00:00Z", "created_to": "2026-01-01T00:00:00Z"},
            "created_to",
        ),
        ({"q": ""}, "q"),
        ({"q": "q" * 201}, "q"),
    ],
)
async def test_a_filter_out_of_bounds_is_refused_by_name(
    api: Api, query: dict[str, str], param: str
) -> None:
    answer = await api.get(SESSIONS, params=query)

    assert (answer.status, answer.code) == (422, "validation_error")
    assert answer.json["error"]["param"] == param


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"language": "hi-IN"}, "sessions_by_tenant_language"),
        ({"llm_model": "kimi-k2.5"}, "sessions_by_tenant_model"),
        ({"voice": "shubh"}, "sessions_by_tenant_voice"),
        ({"bot_id": str(uuid4())}, "sessions_by_tenant_bot"),
        (
            {"bot_id": str(uuid4()), "bot_version": "draft"},
            "sessions_by_tenant_bot_version",
        ),
        ({"end_reason": "caller_hangup"}, "sessions_by_tenant_end_reason"),
        ({"created_from": "2026-01-01T00:00:00Z"}, "sessions_by_tenant"),
    ],
)
async def test_each_filter_reads_its_index_and_does_not_sort(
    api: Api, query: dict[str, str], index: str
) -> None:
    shown = await plan_of(api, query, "bitmapscan", "sort")

    assert index in shown
    assert "Sort" not in shown


async def test_words_are_looked_up_in_their_index(api: Api) -> None:
    async with unseen_tables(api.database) as connection:
        shown = await plan(connection, WHO_SAID, api.tenant_id, "opening hours", 10)

    assert "turns_by_words" in shown


async def test_words_that_many_said_are_found_as_those_that_few_did(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    hindi = (await api.create(language="hi-IN")).json
    sessions = [(await api.create()).json for _ in range(3)]
    for session in (hindi, *sessions):
        await said(api, session, ("Hello", "Good day"), ("Hello?", "Yes"))
    few = await found(api, q="hel"), await found(api, q="hel", language="hi-IN")

    monkeypatch.setattr("store.sessions.MOST_COUNTED", 2)

    assert (await found(api, q="hel"), await found(api, q="hel", language="hi-IN")) == few
    assert few[1] == [hindi["id"]]
    assert await found(api, q="hello good day yes") == []


async def plan_of(api: Api, query: dict[str, str], *others: str) -> str:
    """Without the `others`, which are as good where there are few rows."""
    wanted = parse_query(ListSessions, query).filter(Catalog.load())
    where, arguments = wanted.condition(api.tenant_id)
    statement = (
        f"SELECT {COLUMNS} FROM sessions WHERE {where} ORDER BY created_at DESC, id DESC LIMIT 50"
    )
    async with unseen_tables(api.database) as connection:
        for other in others:
            await connection.execute(f"SET LOCAL enable_{other} = off")
        return await plan(connection, statement, *arguments)
