"""Rows that Postgres was away for: on the disk, and in a real Postgres once it is back."""

import asyncio
import errno
import logging
import os
import signal
import stat
import sys
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from agent.records.journal import Journal, JournalFolder
from agent.records.replay import Replayer
from agent.records.row_queue import RowQueue
from agent.records.rows import EndRow, Mandate, RowWriter, TurnRow
from store.pool import Database
from store.records import EndReason, SessionId
from tests.eventually import eventually
from tests.integration.rows import (
    end_row,
    held,
    new_session,
    session,
    spent,
    turn_indexes,
    turn_row,
)

MANY_BYTES = 1024 * 1024


@pytest.fixture
def folder(tmp_path: Path) -> JournalFolder:
    return JournalFolder(tmp_path / "journal", MANY_BYTES)


@pytest.fixture
async def mandate(database: Database) -> Mandate:
    return await held(database, await new_session(database))


async def kept(folder: JournalFolder, mandate: Mandate, *rows: TurnRow | EndRow) -> Path:
    """The journal of a job that is gone."""
    journal = Journal(folder, mandate)
    assert list(await journal.keep(rows)) == list(rows)
    journal.close()
    (path,) = [one for one in folder.files() if str(mandate.session_id) in one.name]
    return path


def lines(caplog: pytest.LogCaptureFixture, event: str) -> list[logging.LogRecord]:
    return [one for one in caplog.records if one.getMessage() == event]


async def test_a_killed_job_leaves_what_the_next_start_writes_once(
    database: Database, mandate: Mandate, folder: JournalFolder
) -> None:
    job = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.integration.keeping_job",
        str(folder.path),
        str(mandate.session_id),
        str(mandate.epoch),
        stdout=asyncio.subprocess.PIPE,
    )
    assert job.stdout is not None
    assert await job.stdout.readline() == b"kept\n"
    replayer = Replayer(database, folder)
    await replayer.look()
    assert await turn_indexes(database, mandate.session_id) == [], "the job lives"

    job.send_signal(signal.SIGKILL)
    await job.wait()
    await replayer.look()
    await replayer.look()

    assert await turn_indexes(database, mandate.session_id) == [0, 1]
    assert (await session(database, mandate.session_id)).end_reason is EndReason.CALLER_HANGUP
    assert folder.files() == []


async def test_an_end_from_the_journal_has_the_moment_of_the_end(
    database: Database, mandate: Mandate, folder: JournalFolder
) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE sessions SET started_at = now() - interval '1 h' WHERE id = $1",
            mandate.session_id,
        )
    await kept(folder, mandate, end_row(ago_s=600))

    await Replayer(database, folder).look()

    ended = await session(database, mandate.session_id)
    assert ended.duration_s == pytest.approx(3000, abs=60)


async def test_of_two_replayers_at_once_one_writes(
    database: Database,
    mandate: Mandate,
    folder: JournalFolder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    await kept(folder, mandate, *(turn_row(index) for index in range(5)), end_row())

    await asyncio.gather(*(Replayer(database, folder).look() for _ in range(2)))

    assert await turn_indexes(database, mandate.session_id) == [0, 1, 2, 3, 4]
    assert await spent(database, mandate.session_id) == Decimal("2.5")
    assert len(lines(caplog, "journal.replayed")) == 1


async def test_what_was_written_before_the_job_died_counts_once(
    database: Database, mandate: Mandate, folder: JournalFolder
) -> None:
    first = turn_row(0)
    await RowWriter(database, mandate).write(first)
    await kept(folder, mandate, first, turn_row(1))

    await Replayer(database, folder).look()

    assert (await session(database, mandate.session_id)).turn_count == 2
    assert await spent(database, mandate.session_id) == Decimal("1.0")


async def test_rows_of_a_session_that_another_job_took_over_are_told_as_lost(
    database: Database,
    mandate: Mandate,
    folder: JournalFolder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await kept(folder, mandate, turn_row(0), turn_row(1))
    await held(database, mandate.session_id, "another job")

    await Replayer(database, folder).look()

    (line,) = lines(caplog, "journal.lost")
    assert line.kinds == {"turn": 2, "unknown": 0}  # type: ignore[attr-defined]
    assert folder.files() == []


async def test_rows_of_a_session_that_is_gone_are_told_as_lost(
    database: Database, folder: JournalFolder, caplog: pytest.LogCaptureFixture
) -> None:
    await kept(folder, Mandate(SessionId(uuid4()), 1), turn_row(0))

    await Replayer(database, folder).look()

    assert len(lines(caplog, "journal.lost")) == 1
    assert folder.files() == []


async def test_a_torn_tail_loses_one_row_and_says_so(
    database: Database,
    mandate: Mandate,
    folder: JournalFolder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = await kept(folder, mandate, turn_row(0), turn_row(1))
    os.truncate(path, path.stat().st_size - 20)

    await Replayer(database, folder).look()

    assert await turn_indexes(database, mandate.session_id) == [0]
    assert len(lines(caplog, "journal.lost")) == 1
    assert folder.files() == []


async def test_a_spoilt_journal_is_put_aside_and_blocks_no_other(
    database: Database,
    mandate: Mandate,
    folder: JournalFolder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = await held(database, await new_session(database))
    path = await kept(folder, mandate, turn_row(0), turn_row(1))
    path.write_bytes(b"no line\n" + path.read_bytes())
    await kept(folder, other, turn_row(0))
    replayer = Replayer(database, folder)

    await replayer.look()
    await replayer.look()

    assert await turn_indexes(database, mandate.session_id) == [0, 1]
    assert await turn_indexes(database, other.session_id) == [0]
    assert [one.suffix for one in folder.path.iterdir()] == [".broken"]
    assert len(lines(caplog, "journal.broken")) == 1


async def test_a_file_that_cannot_be_read_is_said_once_and_blocks_no_other(
    database: Database,
    mandate: Mandate,
    folder: JournalFolder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await kept(folder, mandate, turn_row(0))
    (folder.path / "folder.rows").mkdir()
    replayer = Replayer(database, folder)

    await replayer.look()
    await replayer.look()

    assert await turn_indexes(database, mandate.session_id) == [0]
    assert len(lines(caplog, "journal.unusable")) == 1


async def test_a_full_disk_is_said_once_and_leaves_no_half_line(
    database: Database,
    mandate: Mandate,
    folder: JournalFolder,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write, is_full = os.write, True

    def write_half(fd: int, data: bytes) -> int:
        if not is_full:
            return write(fd, data)
        write(fd, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "no space left")

    journal = Journal(folder, mandate)
    assert len(await journal.keep([turn_row(0)])) == 1
    monkeypatch.setattr("agent.records.journal.os.write", write_half)
    assert len(await journal.keep([turn_row(1)])) == 0
    assert len(await journal.keep([turn_row(1)])) == 0
    is_full = False
    assert len(await journal.keep([turn_row(2)])) == 1
    journal.close()

    await Replayer(database, folder).look()

    assert await turn_indexes(database, mandate.session_id) == [0, 2]
    assert len(lines(caplog, "journal.failed")) == 1
    assert lines(caplog, "journal.lost") == []


async def test_beyond_its_bytes_the_journal_keeps_ends_alone(
    mandate: Mandate, folder: JournalFolder, caplog: pytest.LogCaptureFixture
) -> None:
    small = JournalFolder(folder.path, 1200)
    end = end_row()

    found = await Journal(small, mandate).keep([turn_row(0), turn_row(1), turn_row(2), end])

    assert [type(one) for one in found] == [TurnRow, EndRow]
    assert small.used_bytes() < 1400
    assert len(lines(caplog, "journal.failed")) == 1


async def test_only_its_owner_may_read_what_people_said(
    mandate: Mandate, folder: JournalFolder
) -> None:
    path = await kept(folder, mandate, turn_row(0))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


async def test_a_folder_that_cannot_be_written_is_said_once_and_done_without(
    database: Database,
    mandate: Mandate,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "file").touch()
    folder = JournalFolder(tmp_path / "file" / "journal", MANY_BYTES)
    replaying = asyncio.create_task(Replayer(database, folder).run())

    async def is_said() -> bool:
        return bool(lines(caplog, "journal.unavailable"))

    await eventually(is_said)

    async with RowQueue.opened(
        RowWriter(database, mandate),
        Journal(folder, mandate),
        on_written=lambda _: None,
        on_stale=lambda: None,
    ) as rows:
        rows.put(turn_row(0))
        assert await rows.flush()

    assert not replaying.done()
    replaying.cancel()
    await asyncio.wait([replaying])
    assert len(lines(caplog, "journal.unavailable")) == 1
