"""Recordings in a store that speaks S3's protocol: moto's server, on a socket."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from agent.recording.delivery import Deliverer
from benchmarks.s3_server import s3_server
from control_api.watch.discarded import Discarding
from core.errors import StorageUnavailable
from core.setting_groups import RecordingSettings
from store.object_bucket import ObjectBucket
from tests.integration.api import SESSIONS, Api, running_api
from tests.integration.studio import Studio
from tests.servers import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

_SOON = timedelta(seconds=1)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bucket_env() -> AsyncIterator[dict[str, str]]:
    """A server's one bucket."""
    async with s3_server() as server:
        yield server.env


@pytest_asyncio.fixture(loop_scope="session")
async def studio(
    api_env: dict[str, str], bucket_env: dict[str, str], dsn: str, tmp_path: Path
) -> AsyncIterator[Studio]:
    """An API, and a worker's disk, before the bucket."""
    async with running_api({**api_env, **bucket_env, "DATABASE_URL": dsn}) as api:
        yield studio_of(api, bucket_env, tmp_path)


def studio_of(api: Api, env: dict[str, str], folder: Path) -> Studio:
    studio = Studio(api, folder)
    bucket = ObjectBucket.named(RecordingSettings.model_validate(env))
    studio.deliverer = Deliverer(api.database, bucket, studio.folder)
    return studio


async def test_a_recording_is_heard_by_a_link_that_the_store_itself_honours(
    studio: Studio, bucket_env: dict[str, str]
) -> None:
    session_id = await studio.session()
    piece = studio.leave(session_id)
    await studio.deliverer.look()
    told = (await studio.get(session_id)).json

    assert told["url"].startswith(f"{bucket_env['RECORDING_S3_ENDPOINT']}/calls/ours/")
    page = await studio.api.get("/console")
    assert f" {bucket_env['RECORDING_S3_ENDPOINT']};" in page.headers["Content-Security-Policy"]
    assert bucket_env["RECORDING_S3_SECRET"] not in told["url"]
    async with aiohttp.ClientSession() as http:
        async with http.get(told["url"]) as heard:
            assert (heard.status, await heard.read()) == (200, piece)
            assert heard.headers["Content-Type"] == told["format"]
        async with http.get(told["url"], headers={"Range": "bytes=5-9"}) as part:
            assert (part.status, await part.read()) == (206, piece[5:10])


async def test_pieces_in_a_bucket_are_put_together_and_erased_with_their_session(
    studio: Studio, bucket_env: dict[str, str]
) -> None:
    session_id = await studio.session()
    for epoch in (1, 2):
        studio.leave(session_id, epoch=epoch, begins_s=6.0 * (epoch - 1))
        await studio.deliverer.look()
    told = (await studio.get(session_id)).json
    assert told["duration_seconds"] == pytest.approx(10.0, abs=0.1)

    owner = {"Authorization": f"Bearer {studio.api.token()}"}
    await studio.api.send("POST", f"{SESSIONS}/{session_id}/erase", headers=owner)
    bucket = ObjectBucket.named(RecordingSettings.model_validate(bucket_env))
    discarding = Discarding(studio.api.database, bucket)
    await discarding.look()
    await discarding.look()
    async with aiohttp.ClientSession() as http, http.get(told["url"]) as gone:
        assert gone.status == 404


async def test_a_bucket_that_is_away_loses_nothing(
    studio: Studio, bucket_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.object_bucket._RETRY_FOR", _SOON)
    session_id = await studio.session()
    studio.leave(session_id)
    away = bucket_env | {"RECORDING_S3_ENDPOINT": f"http://127.0.0.1:{free_port()}"}
    await studio_of(studio.api, away, studio.folder.path.parent).deliverer.look()
    assert len(studio.folder.files()) == 1

    await studio.deliverer.look()
    assert (await studio.get(session_id)).status == 200
    lacking = bucket_env | {"RECORDING_STORE": "s3://nobodys"}
    with pytest.raises(StorageUnavailable):
        await ObjectBucket.named(RecordingSettings.model_validate(lacking)).get("x")
