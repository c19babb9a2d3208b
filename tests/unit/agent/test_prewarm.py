"""What a job's process is given before its first session."""

import functools
import pickle

from livekit.agents import JobExecutorType, JobProcess

from agent.entrypoint import prewarm
from core.catalog import Catalog
from core.settings import Settings


def test_a_process_is_sent_its_workers_settings_and_catalog() -> None:
    settings, catalog = Settings(), Catalog.load()
    setup = pickle.loads(pickle.dumps(functools.partial(prewarm, settings, catalog)))
    process = JobProcess(
        executor_type=JobExecutorType.PROCESS, user_arguments=None, http_proxy=None
    )
    setup(process)
    assert process.userdata == {"settings": settings, "catalog": catalog}
