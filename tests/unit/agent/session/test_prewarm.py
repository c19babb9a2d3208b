"""What a job's process is given before its first session."""

import asyncio
import functools
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from livekit.agents import JobExecutorType, JobProcess

from agent.equipment.habits import Habits
from agent.session.entrypoint import prewarm
from agent.session.standby import Standby
from agent.signs import Signs
from core.catalog import Catalog
from core.settings import Settings


@pytest.fixture(autouse=True)
def own_policy() -> Iterator[None]:
    """A process that is set up makes loops of its own."""
    yield
    asyncio.set_event_loop_policy(None)


def test_a_process_is_sent_its_workers_settings_and_catalog(tmp_path: Path) -> None:
    settings, catalog = Settings(), Catalog.load()
    setup = pickle.loads(pickle.dumps(functools.partial(prewarm, settings, catalog, tmp_path)))
    process = JobProcess(
        executor_type=JobExecutorType.PROCESS, user_arguments=None, http_proxy=None
    )
    setup(process)
    board = process.userdata.pop("board")
    board.close()
    assert isinstance(process.userdata.pop("standby"), Standby)
    assert process.userdata == {
        "settings": settings,
        "catalog": catalog,
        "signs": Signs(tmp_path),
        "habits": Habits(tmp_path / "habits"),
    }
    assert (tmp_path / "routes").exists()
