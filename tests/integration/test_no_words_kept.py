"""Sessions with `store_transcript: false`: their words are nowhere, their figures are."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from agent.records.journal import Journal, JournalFolder
from agent.records.live_events import LiveEvents
from agent.records.recorder import Listeners, Recorder
from agent.records.replay import Replayer
from agent.records.rows import Mandate, RowWriter, Written
from agent.records.said import Said
from agent.records.till import Till
from core.catalog import Catalog
from core.errors import StoreUnavailable
from pipeline.events import AgentTranscribed, CallerTranscribed, Event, TurnEnded
from pipeline.metering import Meter
from pipeline.timeline import Latencies, Moments
from store.holds import Belongings, HoldRepository
from store.records import SessionId
from tests.integration.api import SESSIONS, Answer, Api
from tests.integration.dumps import dumped, found_in
from tests.integration.rows import held, session, turn_row

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID, ANSWERED, FETCHED, GIVEN = "persimmon", "tamarillo", "jackfruit", "cherimoya"
WORDS = (SAID, ANSWERED, FETCHED, GIVEN)
LATENCIES = Latencies(120, 300, 90, 640, 450, 2100)
CALLED = {"outcome": "succeeded", "began_at_ms": 900, "duration_ms": 310}
ROUNDS: Any = [[{"id": GIVEN, "name": "find", "arguments": GIVEN, "result": FETCHED, **CALLED}]]
PASSAGES = [{"document_id": "d", "document": FETCHED, "number": 1, "text": FETCHED}]


class Unreachable(RowWriter):
    """As while Postgres is away."""

    async def write(self, row: object) -> Written:
        raise StoreUnavailable("away")


def exchange(index: int) -> list[Event]:
    turn_id = str(uuid4())
    caller, agent = f"A {SAID}, please.", f"Have a {ANSWERED}."
    ended = TurnEnded(
        turn_id,
        index,
        caller,
        agent,
        False,
        LATENCIES,
        Moments(None, None, None),
        "en-IN",
        0,
        9000,
        1.5,
        2.5,
        tool_rounds=ROUNDS,
        upstream={"llm": "moonshot"},
        passages=PASSAGES,
        faults=[{"kind": "model_late", "at_ms": 5}],
    )
    return [
        CallerTranscribed(f"{turn_id}-caller", caller, is_final=False),
        CallerTranscribed(f"{turn_id}-caller", caller, is_final=True),
        AgentTranscribed(f"{turn_id}-agent", agent, is_final=True),
        ended,
    ]


@asynccontextmanager
async def telling(
    api: Api, mandate: Mandate, writer: RowWriter, folder: JournalFolder
) -> AsyncIterator[Callable[[Event], None]]:
    """What tells of a session in its job, without a room."""
    keeps_words = (await session(api.database, mandate.session_id)).keeps_words
    till = Till(Meter(), Catalog.load(), (await session(api.database, mandate.session_id)).config)
    async with AsyncExitStack() as stack:
        live = await stack.enter_async_context(
            LiveEvents.opened(api.database, mandate, lambda: None, keeps_words=keeps_words)
        )
        recorder = await stack.enter_async_context(
            Recorder.opened(
                writer,
                Journal(folder, mandate),
                till,
                Listeners(live.show_turn, lambda: None, lambda: None),
                keeps_words=keeps_words,
            )
        )

        def tell(event: Event) -> None:
            if isinstance(event, TurnEnded):
                recorder.record(event)
            live.show(event)

        yield tell


@pytest.fixture
async def folder(tmp_path: Path) -> JournalFolder:
    return JournalFolder(tmp_path / "journal", 1024 * 1024)


async def active(api: Api, **body: Any) -> tuple[str, Mandate]:
    created = await api.create(**body)
    assert created.status == 201
    return created.json["id"], await held(api.database, SessionId(UUID(created.json["id"])))


async def transcript(api: Api, session_id: str, form: str) -> Answer:
    return await api.get(f"{SESSIONS}/{session_id}/transcript?format={form}")


async def test_its_turns_have_figures_and_no_words_and_the_database_has_none_either(
    api: Api, api_env: dict[str, str], folder: JournalFolder
) -> None:
    session_id, mandate = await active(api, store_transcript=False)
    writer = RowWriter(api.database, mandate)
    async with telling(api, mandate, writer, folder) as tell:
        for event in exchange(0):
            tell(event)

    assert found_in(dumped(api_env["DATABASE_URL"]), WORDS) == []
    (turn,) = (await transcript(api, session_id, "json")).json
    assert (turn["user_transcript"], turn["agent_response"]) == ("", "")
    assert (turn["first_audio_ms"], turn["total_ms"]) == (450, 2100)
    (called,) = turn["tool_calls"]
    assert called == {"name": "find", "arguments": None, "result": None, **CALLED, "is_cut": False}
    assert (turn["upstream"]["llm"], turn["faults"][0]["at_ms"]) == ("moonshot", 5)
    assert turn["passages"] == []
    assert (await transcript(api, session_id, "txt")).body == b""
    assert (await transcript(api, session_id, "srt")).body == b""
    found = await api.get(f"{SESSIONS}?q={SAID}")
    assert found.json == []


async def test_its_stream_tells_that_something_was_said_and_not_what(
    api: Api, folder: JournalFolder
) -> None:
    session_id, mandate = await active(api, store_transcript=False)
    async with telling(api, mandate, RowWriter(api.database, mandate), folder) as tell:
        for event in exchange(0):
            tell(event)
    await api.send("DELETE", f"{SESSIONS}/{session_id}")

    stream = await api.get(f"{SESSIONS}/{session_id}/events")

    text = stream.body.decode()
    assert found_in(text, WORDS) == []
    assert text.count("event: transcript") == 2
    assert text.count("event: turn") == 1


async def test_its_journal_has_no_words(
    api: Api, api_env: dict[str, str], folder: JournalFolder
) -> None:
    session_id, mandate = await active(api, store_transcript=False)
    async with telling(api, mandate, Unreachable(api.database, mandate), folder) as tell:
        for event in exchange(0):
            tell(event)

    (path,) = folder.files()
    assert found_in(path.read_text(), WORDS) == []
    await Replayer(api.database, folder).look()
    (turn,) = (await transcript(api, session_id, "json")).json
    assert turn["total_ms"] == 2100
    assert found_in(dumped(api_env["DATABASE_URL"]), WORDS) == []


async def test_what_a_release_before_writes_comes_without_words(
    api: Api, api_env: dict[str, str]
) -> None:
    session_id, mandate = await active(api, store_transcript=False)
    row = turn_row(0)
    turn = replace(
        row.turn,
        user_transcript=SAID,
        agent_response=ANSWERED,
        passages=PASSAGES,
        tool_rounds=ROUNDS,
    )

    await RowWriter(api.database, mandate).write(replace(row, turn=turn))

    assert found_in(dumped(api_env["DATABASE_URL"]), WORDS) == []
    assert len((await transcript(api, session_id, "json")).json) == 1


async def test_what_its_job_remembers_is_gone_with_its_end_for_good(
    api: Api, api_env: dict[str, str]
) -> None:
    session_id, mandate = await active(api, store_transcript=False)
    said = Said([])
    for event in exchange(0):
        if isinstance(event, TurnEnded):
            said.add(event)
    left = Belongings({"said": said.to_json()})

    async def renew() -> bool:
        async with api.database.connection() as connection:
            holds = HoldRepository(connection)
            return await holds.renew(mandate.session_id, "job", lease_s=3.0, left=left)

    assert await renew()
    assert found_in(dumped(api_env["DATABASE_URL"]), WORDS) == list(WORDS), "a successor needs it"
    await api.send("DELETE", f"{SESSIONS}/{session_id}")
    assert found_in(dumped(api_env["DATABASE_URL"]), WORDS) == []
    assert await renew(), "its job has not heard of the end"
    assert found_in(dumped(api_env["DATABASE_URL"]), WORDS) == []


async def test_a_session_keeps_its_words_unless_it_or_its_bot_says_otherwise(api: Api) -> None:
    created = await api.send(
        "POST",
        "/api/v1/bots",
        headers={"Authorization": f"Bearer {api.token()}"},
        json={"name": "Quiet", "config": {"store_transcript": False}},
    )
    bot = created.json
    configs = [
        (await api.create(**body)).json["config"]
        for body in (
            {},
            {"store_transcript": None},
            {"bot_id": bot["id"]},
            {"bot_id": bot["id"], "store_transcript": None},
            {"bot_id": bot["id"], "store_transcript": True},
        )
    ]

    assert bot["config"] == {"store_transcript": False}
    assert [one.get("store_transcript") for one in configs] == [None, None, False, False, True]
    assert list(configs[2])[-2:] == ["store_transcript", "bot_version"]
    refused = await api.create(store_transcript="no")
    assert (refused.status, refused.json["error"]["param"]) == (422, "store_transcript")
