"""Recordings that nobody may hear any more leave their store."""

from pathlib import Path

import pytest

from control_api.watch.discarded import Discarding
from control_api.watch.pruner import Pruner
from core.setting_groups import RetentionSettings
from tests.integration.api import SESSIONS, Api
from tests.integration.studio import Studio

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def studio(api: Api, tmp_path: Path) -> Studio:
    return Studio(api, tmp_path)


async def test_an_erased_session_leaves_nothing_in_the_store(studio: Studio) -> None:
    session_id = await studio.stored()
    url = (await studio.get(session_id)).json["url"]
    owner = {"Authorization": f"Bearer {studio.api.token()}"}
    erased = await studio.api.send("POST", f"{SESSIONS}/{session_id}/erase", headers=owner)
    assert erased.status == 204
    assert (await studio.hear(url)).code == "not_found"

    studio.leave(session_id, epoch=2)  # from a worker that was away
    await studio.deliverer.look()
    await Discarding(studio.api.database, studio.objects).look()
    assert studio.folder.files() == []
    assert list(studio.store.rglob(f"*{session_id}*")) == []


async def test_what_cannot_be_deleted_is_tried_again(studio: Studio) -> None:
    session_id = await studio.stored()
    (folder,) = studio.store.rglob(f"{session_id}")
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    folder.write_bytes(b"")  # no folder: nothing can be deleted in it
    async with studio.api.database.connection() as connection:
        await connection.execute(
            "UPDATE recordings SET state = 'discarded' WHERE session_id = $1", session_id
        )
    discarding = Discarding(studio.api.database, studio.objects)
    with pytest.raises(Exception, match="NotADirectoryError"):
        await discarding.look()

    folder.unlink()
    elsewhere.rename(folder)
    await discarding.look()
    assert list(studio.store.rglob(f"*{session_id}*")) == []


async def test_a_recording_is_kept_for_as_long_as_the_settings_say(studio: Studio) -> None:
    old, young = await studio.stored(), await studio.stored()
    async with studio.api.database.connection() as connection:
        await connection.execute(
            "UPDATE recordings SET kept_from = now() - interval '8 days' WHERE session_id = $1", old
        )
    days = {"RETENTION_RECORDINGS_DAYS": 7, "RETENTION_AUDIT_DAYS": 0}
    settings = RetentionSettings.model_validate({**days, "RETENTION_DELIVERIES_DAYS": 0})
    await Pruner(settings, studio.api.database).look()

    assert [(await studio.get(one)).status for one in (old, young)] == [404, 200]
