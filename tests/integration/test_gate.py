"""Which jobs a worker takes, and what one costs that it does not."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from livekit import rtc
from livekit.agents import JobRequest
from prometheus_client import REGISTRY

from agent.worker.gate import Gate
from core.setting_groups import DatabaseSettings
from core.settings import Settings
from store.holds import HoldRepository
from store.records import SessionId
from store.summons import Summons
from tests.eventually import eventually
from tests.integration.api import SESSIONS, Api
from tests.servers import LiveKitServer, free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Request:
    """A job that is offered."""

    metadata: str
    room_name: str = "voice-nowhere"
    outcome: list[str] = field(default_factory=list)
    on_accept: Callable[[], None] = lambda: None

    @property
    def job(self) -> Any:
        return SimpleNamespace(id="job", metadata=self.metadata)

    @property
    def room(self) -> Any:
        return SimpleNamespace(name=self.room_name)

    async def accept(self, *, identity: str) -> None:
        self.on_accept()
        self.outcome.append(identity)

    async def reject(self) -> None:
        self.outcome.append("refused")


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Gate]:
    gate = Gate(settings)
    async with gate.open():
        yield gate


async def asked(gate: Gate, session_id: str, room_name: str = "voice-nowhere") -> list[str]:
    request = Request(Summons(SessionId(UUID(session_id))).written(), room_name)
    await gate.answer(cast(JobRequest, request))
    return request.outcome


def refused(reason: str) -> float:
    return REGISTRY.get_sample_value("vaarta_jobs_refused_total", {"reason": reason}) or 0.0


async def test_a_session_that_lives_gets_its_agent(api: Api) -> None:
    session = (await api.create()).json
    async with opened(api.settings) as gate:
        assert await asked(gate, session["id"]) == [f"agent-{session['id']}"]


async def test_a_job_is_being_taken_until_it_is_launched(api: Api) -> None:
    session_id = SessionId(UUID((await api.create()).json["id"]))
    async with opened(api.settings) as gate:
        seen: list[bool] = []
        request = Request(Summons(session_id).written())
        request.on_accept = lambda: seen.append("job" in gate.taking)
        await gate.answer(cast(JobRequest, request))

        assert (seen, "job" in gate.taking) == ([True], False)


async def test_one_that_is_sent_again_while_it_waits_for_a_process_is_refused(api: Api) -> None:
    summons = Summons(SessionId(UUID((await api.create()).json["id"])))
    before = refused("doubled")
    async with opened(api.settings) as gate:
        with gate.taking.asking("first", summons):
            unassigned = await asked(gate, str(summons.session_id))
            gate.taking.assigned("first")
            assigned = await asked(gate, str(summons.session_id))
        launched = await asked(gate, str(summons.session_id))

    assert (unassigned, assigned, launched) == ([summons.identity], ["refused"], [summons.identity])
    assert refused("doubled") == before + 1


@pytest.mark.parametrize(
    ("seat", "predecessor", "lease_s", "is_refused"),
    [
        (1, None, 60.0, True),
        (1, None, 0.0, False),
        (1, "AJ_1", 60.0, False),
        (0, None, 60.0, False),
    ],
)
async def test_the_successor_of_an_agent_that_has_renewed_its_lease_is_refused(
    api: Api, seat: int, predecessor: str | None, lease_s: float, is_refused: bool
) -> None:
    session_id = SessionId(UUID((await api.create()).json["id"]))
    async with api.database.connection() as connection:
        await HoldRepository(connection).claim(session_id, "AJ_1", seat=0, lease_s=lease_s)
    summons = Summons(session_id, seat, predecessor)
    request = Request(summons.written())
    async with opened(api.settings) as gate:
        await gate.answer(cast(JobRequest, request))

    assert request.outcome == ["refused" if is_refused else summons.identity]


async def test_the_token_of_a_session_that_is_over_brings_no_agent_and_its_room_is_closed(
    api: Api, livekit_server: LiveKitServer
) -> None:
    session = (await api.create()).json
    await api.send("DELETE", f"{SESSIONS}/{session['id']}")
    before = refused("over")
    async with opened(api.settings) as gate:
        for _ in range(2):
            caller = rtc.Room()
            await caller.connect(livekit_server.url, session["token"])
            assert await asked(gate, session["id"], caller.name) == ["refused"]

            async def is_out(caller: rtc.Room = caller) -> bool:
                return not caller.isconnected()

            await eventually(is_out, what="the caller is sent out")

    assert refused("over") == before + 2


async def test_a_job_without_a_session_that_there_is_is_refused(api: Api) -> None:
    nameless = Request("{}")
    async with opened(api.settings) as gate:
        await gate.answer(cast(JobRequest, nameless))
        assert await asked(gate, str(uuid4())) == ["refused"]

    assert nameless.outcome == ["refused"]


async def test_a_job_is_taken_while_nobody_can_tell(api: Api) -> None:
    away = f"postgresql://postgres@127.0.0.1:{free_port()}/vaarta"
    database = DatabaseSettings.model_validate({"DATABASE_URL": away})
    session_id = str(uuid4())
    async with opened(api.settings.model_copy(update={"database": database})) as gate:
        assert await asked(gate, session_id) == [f"agent-{session_id}"]
