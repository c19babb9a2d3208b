"""A job that dies: what it left is written before another may have its session."""

import fcntl
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from livekit.agents import AgentServer
from livekit.rtc.event_emitter import EventEmitter

from agent.records.journal import Journal, JournalFolder
from agent.records.replay import Replayer
from agent.records.rows import Mandate
from agent.worker.bereavement import Bereavement
from core.setting_groups import DatabaseSettings
from store.holds import HoldRepository
from store.pool import Database
from store.summons import Summons
from tests.eventually import eventually
from tests.integration.rows import held, new_session, turn_indexes, turn_row

JOB = "AJ_1"


class FakeServer:
    """As much of livekit-agents' as tells of its processes."""

    def __init__(self) -> None:
        self._proc_pool = EventEmitter[str]()

    def lose(self, mandate: Mandate) -> None:
        """A process ended whose job had not."""
        metadata = Summons(mandate.session_id).written()
        job = SimpleNamespace(id=JOB, metadata=metadata)
        process = SimpleNamespace(running_job=SimpleNamespace(job=job))
        self._proc_pool.emit("process_closed", process)


@pytest.fixture
def folder(tmp_path: Path) -> JournalFolder:
    return JournalFolder(tmp_path / "journal", 1024 * 1024)


@pytest.fixture
async def mandate(database: Database) -> Mandate:
    """A job's that has a minute of lease left."""
    mandate = await held(database, await new_session(database), JOB)
    async with database.connection() as connection:
        holds = HoldRepository(connection)
        assert await holds.renew(mandate.session_id, JOB, lease_s=60.0, left=None)
    return mandate


@pytest.fixture
async def server(database: Database, dsn: str, folder: JournalFolder) -> AsyncIterator[FakeServer]:
    """One whose processes are followed."""
    server = FakeServer()
    settings = DatabaseSettings.model_validate({"url": dsn})
    async with Bereavement.opened(settings, Replayer(database, folder)) as bereavement:
        bereavement.watch(cast(AgentServer, server))
        yield server


async def released(database: Database) -> None:
    async def is_released() -> bool:
        async with database.connection() as connection:
            return bool(await HoldRepository(connection).lapsed(1))

    await eventually(is_released, what="the lease's release")


async def test_what_a_dead_job_left_is_written_before_its_session_is_anothers(
    database: Database, mandate: Mandate, folder: JournalFolder, server: FakeServer
) -> None:
    journal = Journal(folder, mandate)
    assert len(await journal.keep([turn_row(0), turn_row(1)])) == 2
    journal.close()

    server.lose(mandate)
    await released(database)

    assert await turn_indexes(database, mandate.session_id) == [0, 1]
    assert folder.files() == []


async def test_a_journal_that_cannot_be_had_holds_nobody_up_for_long(
    database: Database,
    mandate: Mandate,
    folder: JournalFolder,
    server: FakeServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    journal = Journal(folder, mandate)
    await journal.keep([turn_row(0)])
    journal.close()
    (path,) = folder.files()

    with path.open("rb") as elsewhere:
        fcntl.flock(elsewhere, fcntl.LOCK_EX)
        server.lose(mandate)
        await released(database)

    assert "journal.late" in caplog.messages
    assert await turn_indexes(database, mandate.session_id) == []


async def test_a_session_without_a_journal_is_released_at_once(
    database: Database, mandate: Mandate, server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.lose(mandate)
    await released(database)
    assert "journal.late" not in caplog.messages
