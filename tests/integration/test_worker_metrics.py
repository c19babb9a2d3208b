"""What a worker's page of metrics tells, as an operator scrapes it."""

from uuid import uuid4

import aiohttp
import pytest

from tests.eventually import eventually
from tests.servers import free_port, start_worker

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOLD = (
    "vaarta_sessions_capacity 3.0",
    'vaarta_task_last_look_timestamp_seconds{task="roll_call"}',
    'vaarta_task_last_look_timestamp_seconds{task="link"}',
    'vaarta_rows_lost_total{row="turn"} 0.0',
    'vaarta_jobs_refused_total{reason="doubled"} 0.0',
    "vaarta_warm_processes 2.0",
    "vaarta_warm_processes_wanted 2.0",
    'vaarta_sessions_ended_total{end_reason="agent_error"} 0.0',
)


async def test_the_parent_process_is_told_of_too(api_env: dict[str, str]) -> None:
    port = free_port()
    own = {"LIVEKIT_AGENT_NAME": uuid4().hex, "AGENT_METRICS_PORT": str(port)}
    env = {**api_env, **own, "AGENT_CAPACITY": "3"}
    worker = await start_worker(env)
    try:
        async with aiohttp.ClientSession() as http:

            async def is_told() -> bool:
                async with http.get(f"http://127.0.0.1:{port}/metrics") as answer:
                    page = await answer.text()
                return all(line in page for line in TOLD)

            await eventually(is_told, what="the parent's metrics")
            assert "task.ended" not in worker.written()
    finally:
        worker.stop()
