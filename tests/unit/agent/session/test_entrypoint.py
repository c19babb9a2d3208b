"""A job's last moments: whatever its session does, it is named before the process is killed."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from livekit.agents import JobContext

from agent.session.entrypoint import LAST_S, SETTLE_TIMEOUT_S, run_job
from agent.session.standby import Standby
from core.settings import Settings
from store.pool import Database
from store.records import SessionId
from store.summons import Summons
from tests.virtual_time import stubborn

KILLED_AFTER_S = 10.0


class FakeJob:
    """As much of livekit-agents' as is used before the room is joined."""

    def __init__(self) -> None:
        metadata = Summons(SessionId(uuid4())).written()
        self._info = SimpleNamespace(
            received_at=0.0, accepted_at=0.0, assigned_at=0.0, launched_at=0.0
        )
        self.job = SimpleNamespace(metadata=metadata, room=SimpleNamespace(name="voice-1"))
        settings = Settings()
        given = {
            "settings": settings,
            "standby": Standby(settings.database),
            "catalog": None,
            "board": None,
            "signs": None,
        }
        self.proc = SimpleNamespace(userdata=given)
        self.on_shutdown: list[Callable[[], Awaitable[None]]] = []

    def add_shutdown_callback(self, callback: Callable[[], Awaitable[None]]) -> None:
        self.on_shutdown.append(callback)


async def test_a_session_that_does_not_let_go_is_named_before_its_process_is_killed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def never_opened(*_: Any, **__: Any) -> None:
        await stubborn(60)
        raise asyncio.CancelledError

    monkeypatch.setattr(Database, "open_thrifty", never_opened)
    job = FakeJob()
    running = asyncio.create_task(run_job(cast(JobContext, job)))
    await asyncio.sleep(1)
    told_at = asyncio.get_running_loop().time()
    await job.on_shutdown[0]()
    took_s = asyncio.get_running_loop().time() - told_at

    assert took_s == pytest.approx(SETTLE_TIMEOUT_S + LAST_S)
    assert took_s < KILLED_AFTER_S
    assert caplog.messages == ["session.late", "task.hung"]
    await running
