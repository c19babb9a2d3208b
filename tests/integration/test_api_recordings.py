"""Recordings from a worker's disk to whoever may hear them, and out of the store again."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from agent.recording.delivery import Deliverer
from agent.recording.pieces import LeftPiece, PieceFile
from agent.records.rows import Mandate
from store.object_folder import ObjectFolder
from tests.integration.api import NOBODYS, SESSIONS, Api
from tests.integration.studio import Studio
from tests.recorded_sound import ALIGNED_S, decoded, sounds

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def studio(api: Api, tmp_path: Path) -> Studio:
    return Studio(api, tmp_path)


async def test_a_recording_is_heard_by_its_link_without_a_key(studio: Studio) -> None:
    session_id = await studio.session()
    piece = studio.leave(session_id)
    await studio.deliverer.look()

    answer = await studio.get(session_id)
    sound = await studio.hear(answer.json["url"])

    assert answer.status == 200
    assert list(answer.json) == ["url", "expires_at", "duration_seconds", "format", "channels"]
    assert answer.json["duration_seconds"] == pytest.approx(4.0, abs=0.1)
    assert answer.json["channels"] == ["caller", "agent"]
    assert (sound.status, sound.body) == (200, piece)
    assert sound.headers["Content-Type"] == answer.json["format"]
    assert studio.folder.files() == []


async def test_a_part_of_the_sound_may_be_asked_for(studio: Studio) -> None:
    url = (await studio.get(await studio.stored())).json["url"]
    whole = await studio.hear(url)
    part = await studio.hear(url, Range="bytes=100-199")

    assert (part.status, part.body) == (206, whole.body[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.body)}"


async def test_a_link_is_for_one_recording_and_a_while(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await studio.stored(), await studio.stored()
    url = URL((await studio.get(one)).json["url"])
    later = str(int(url.query["expires"]) + 1)
    hostile = [
        url.with_path(url.path.replace(str(one), str(other)), keep_query=True),
        url.update_query(expires=later),
        url.update_query(signature="0" * 64),
        url.update_query(signature="é"),
        url.update_query(signature=""),
    ]
    answers = [await studio.hear(str(link)) for link in hostile]
    assert [answer.code for answer in answers] == ["permission_denied"] * len(hostile)
    unsigned = await studio.hear(str(url.with_query(expires=later)))
    assert (unsigned.status, unsigned.json["error"]["param"]) == (422, "signature")

    monkeypatch.setattr("time.time", lambda: int(url.query["expires"]))
    assert (await studio.hear(str(url))).code == "permission_denied"


@pytest.mark.parametrize("host", ["", ":80", "shop.example:99999"])
async def test_a_link_cannot_lead_to_no_host(studio: Studio, host: str) -> None:
    path = f"{SESSIONS}/{await studio.stored()}/recording"
    answer = await studio.api.get(path, headers={"Host": host})

    assert (answer.status, answer.code) == (400, "invalid_request")


async def test_who_asked_for_a_recording_is_in_the_audit(studio: Studio) -> None:
    session_id = await studio.stored()
    await studio.get(session_id)

    owner = {"Authorization": f"Bearer {studio.api.token()}"}
    entries = (await studio.api.get("/api/v1/audit", headers=owner)).json
    assert [one["actor"]["kind"] for one in entries if one["action"] == "recording.read"] == ["key"]
    assert str(session_id) in [one["resource"] for one in entries]


async def test_there_is_none_of_another_tenants_or_before_the_end(studio: Studio) -> None:
    session_id = await studio.stored()
    stranger = await studio.api.for_new_tenant()
    assert (await stranger.get(f"{SESSIONS}/{session_id}/recording")).code == "not_found"

    living = await studio.session(is_over=False)
    studio.leave(living)
    await studio.deliverer.look()
    assert (await studio.get(living)).code == "not_found"
    assert (await studio.get(await studio.session())).code == "not_found"


async def test_a_store_that_lacks_the_object_is_said_to_be_away(studio: Studio) -> None:
    session_id = await studio.stored()
    url = (await studio.get(session_id)).json["url"]
    for file in studio.store.rglob(f"{session_id}/*"):
        file.unlink()

    assert (await studio.get(session_id)).code == "service_unavailable"
    assert (await studio.hear(url)).code == "service_unavailable"


async def test_pieces_wait_while_the_store_is_away(studio: Studio, tmp_path: Path) -> None:
    session_id = await studio.session()
    piece = studio.leave(session_id)
    (tmp_path / "full").write_bytes(b"")
    away = Deliverer(studio.api.database, ObjectFolder(tmp_path / "full"), studio.folder)
    await away.look()
    await away.look()
    assert (await studio.get(session_id)).code == "not_found"
    assert len(studio.folder.files()) == 1

    await studio.deliverer.look()
    assert (await studio.hear((await studio.get(session_id)).json["url"])).body == piece


async def test_a_piece_of_a_living_job_is_left_alone(studio: Studio) -> None:
    session_id = await studio.session()
    data = studio.leave(session_id)
    (path,) = studio.folder.files()
    path.unlink()
    file = PieceFile(studio.folder, Mandate(session_id, 1))
    file.append(data)
    await studio.deliverer.look()
    assert (await studio.get(session_id)).code == "not_found"

    file.close()
    await studio.deliverer.look()
    assert (await studio.get(session_id)).status == 200


async def test_a_recovered_session_is_one_recording(studio: Studio) -> None:
    session_id = await studio.session()
    studio.leave(session_id, epoch=2, begins_s=6.0)
    await studio.deliverer.look()  # the first worker's machine is still away
    alone = (await studio.get(session_id)).json
    studio.leave(session_id, epoch=1)
    await studio.deliverer.look()

    whole = (await studio.get(session_id)).json
    caller, agent = decoded((await studio.hear(whole["url"])).body)
    assert alone["duration_seconds"] == whole["duration_seconds"] == pytest.approx(10.0, abs=0.1)
    assert sounds(caller) == [
        pytest.approx((0.5, 1.46), abs=ALIGNED_S),
        pytest.approx((6.5, 7.46), abs=ALIGNED_S),
    ]
    assert sounds(agent) == [
        pytest.approx((2.0, 3.0), abs=ALIGNED_S),
        pytest.approx((8.0, 9.0), abs=ALIGNED_S),
    ]


async def test_what_one_job_left_in_two_places_is_in_order(studio: Studio) -> None:
    session_id = await studio.session()
    for begins_s in (12.0, 6.0, 0.0):
        studio.leave(session_id, begins_s=begins_s)
        await studio.deliverer.look()
    told = (await studio.get(session_id)).json
    _, agent = decoded((await studio.hear(told["url"])).body)

    assert told["duration_seconds"] == pytest.approx(16.0, abs=0.1)
    assert [begin for begin, _ in sounds(agent)] == pytest.approx([2.0, 8.0, 14.0], abs=ALIGNED_S)


async def test_a_piece_that_is_on_its_way_is_waited_for_but_not_for_ever(studio: Studio) -> None:
    session_id = await studio.session()
    studio.leave(session_id, epoch=1)
    async with studio.api.database.connection() as connection:
        await connection.execute("UPDATE sessions SET epoch = 2 WHERE id = $1", session_id)
    await studio.deliverer.look()
    assert (await studio.get(session_id)).code == "not_found"

    async with studio.api.database.connection() as connection:
        await connection.execute(
            "UPDATE sessions SET started_at = started_at - interval '1 minute',"
            " ended_at = ended_at - interval '1 minute' WHERE id = $1",
            session_id,
        )
    assert (await studio.get(session_id)).json["duration_seconds"] == pytest.approx(4.0, abs=0.1)


async def test_a_session_takes_over_whether_its_bot_records(studio: Studio) -> None:
    api = studio.api
    owner = {"Authorization": f"Bearer {api.token()}"}
    made = {"name": "Heard", "config": {"record": True, "record_notice": True}}
    bot = (await api.send("POST", "/api/v1/bots", json=made, headers=owner)).json
    given: list[dict[str, Any]] = [
        {},
        {"bot_id": bot["id"]},
        {"bot_id": bot["id"], "record": False},
    ]
    configs = [(await api.create(**one)).json["config"] for one in given]

    assert bot["config"] == {"record": True, "record_notice": True}
    assert all("record_notice" not in one for one in configs)
    assert [one.get("record") for one in configs] == [None, True, False]
    assert (await api.create(record="yes")).json["error"]["param"] == "record"


async def test_a_file_of_another_kind_is_set_aside(studio: Studio) -> None:
    studio.folder.make()
    (studio.folder.path / "notes.ogg").write_bytes(b"OggS")
    await studio.deliverer.look()
    await studio.deliverer.look()

    assert len(studio.folder.files()) == 1
    full = dataclasses.replace(studio.folder, max_bytes=1)
    with pytest.raises(OSError, match="wait for the store"):
        full.make()
    assert LeftPiece.take(studio.folder.path / f"{NOBODYS}-1-ab.ogg") is None
