"""Sessions over HTTP: create, list, read, end."""

import json
import re
from uuid import UUID, uuid4

import jwt
import pytest
from livekit.api import CreateRoomRequest, ListRoomsRequest, LiveKitAPI

from control_api.sessions.rooms import Rooms
from core.errors import LiveKitUnavailable
from store.records import EndReason, SessionId
from store.sessions import SessionRepository
from tests.integration.api import NOBODYS, SESSIONS, Api, running_api
from tests.servers import LiveKitServer, free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

CREATED_KEYS = (
    "id tenant_id bot_id status config ws_url token started_at ended_at duration_seconds "
    "turn_count total_audio_seconds end_reason metadata created_at"
).split()
CONFIG_KEYS = (
    "system_prompt voice language llm_model tts_provider max_duration_seconds livekit_room "
    "greeting stt_model tts_model"
).split()


async def test_the_documented_request_gets_the_documented_answer(api: Api) -> None:
    answer = await api.create(
        system_prompt="You are a helpful assistant.",
        voice="shubh",
        language="en-IN",
        llm_model="kimi-k2.5",
        tts_provider="sarvam",
        max_duration_seconds=300,
        webhook_url="https://your-app.com/webhooks/voice",
    )

    assert answer.status == 201
    assert answer.headers["Content-Type"] == "application/json"
    session = answer.json
    assert list(session) == CREATED_KEYS
    assert list(session["config"]) == CONFIG_KEYS
    assert session["tenant_id"] == str(api.tenant_id)
    assert session["ws_url"] == "wss://livekit.example.com"
    assert session["config"]["system_prompt"] == "You are a helpful assistant."
    assert re.fullmatch(r"voice-[0-9a-f]{32,}", session["config"]["livekit_room"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", session["created_at"])
    assert {session[key] for key in ("bot_id", "started_at", "ended_at", "end_reason")} == {None}
    assert (session["turn_count"], session["total_audio_seconds"]) == (0, 0)


async def test_an_empty_request_gets_the_defaults(api: Api) -> None:
    config = (await api.create()).json["config"]

    assert config["system_prompt"].startswith("You are a helpful voice assistant")
    assert config["greeting"] == "Hello! How can I help you today?"
    assert (config["voice"], config["language"]) == ("shubh", "en-IN")
    assert (config["llm_model"], config["max_duration_seconds"]) == ("kimi-k2.5", 300)
    assert (config["stt_model"], config["tts_model"]) == ("saaras:v3-realtime", "bulbul:v3")


async def test_silences_that_were_asked_for_are_told_behind_the_rest(api: Api) -> None:
    created = await api.create(min_endpointing_delay=0.3, max_endpointing_delay=1)
    read = await api.get(f"{SESSIONS}/{created.json['id']}")

    assert list(created.json["config"]) == [
        *CONFIG_KEYS,
        "min_endpointing_delay",
        "max_endpointing_delay",
    ]
    assert read.json["config"] == created.json["config"]
    assert created.json["config"]["max_endpointing_delay"] == 1


async def test_the_token_opens_that_room_only_and_brings_the_agent(
    api: Api, livekit_server: LiveKitServer
) -> None:
    session = (await api.create()).json

    claims = jwt.decode(session["token"], livekit_server.secret, algorithms=["HS256"])
    assert claims["sub"] == f"caller-{session['id']}"
    assert claims["exp"] - claims["nbf"] == 3600
    assert claims["video"] == {
        "roomJoin": True,
        "room": session["config"]["livekit_room"],
        "canPublish": True,
        "canPublishSources": ["microphone", "unknown"],
        "canSubscribe": True,
        "canPublishData": True,
    }
    (dispatch,) = claims["roomConfig"]["agents"]
    assert dispatch["agentName"] == "vaarta"
    assert json.loads(dispatch["metadata"]) == {"session_id": session["id"], "seat": 0}
    assert claims["roomConfig"]["departureTimeout"] >= 20


async def test_where_livekit_makes_no_room_ahead_the_caller_makes_it(
    api_env: dict[str, str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise LiveKitUnavailable("refused: resource_exhausted")

    monkeypatch.setattr(Rooms, "make", refuse)
    async with running_api({**api_env, "AGENT_JOINS_AHEAD_S": "5"}) as api:
        answer = await api.create()

    claims = jwt.decode(answer.json["token"], options={"verify_signature": False})
    assert (answer.status, len(claims["roomConfig"]["agents"])) == (201, 1)
    assert "agent.not_sent_ahead" in caplog.messages


async def test_reading_a_session_shows_all_but_the_way_in(api: Api) -> None:
    created = (await api.create(metadata={"order": 7}, language="hi-in")).json

    read = await api.get(f"{SESSIONS}/{created['id']}")

    assert read.status == 200
    kept = {key: created[key] for key in created if key not in {"ws_url", "token"}}
    assert read.json == kept
    assert list(read.json) == list(kept)
    assert read.json["config"]["language"] == "hi-IN"


async def test_a_list_is_newest_first_with_its_total(api: Api) -> None:
    made = [(await api.create()).json["id"] for _ in range(3)]

    page = await api.get(f"{SESSIONS}?limit=2&offset=1")

    assert [one["id"] for one in page.json] == [made[1], made[0]]
    assert page.headers["X-Total-Count"] == "3"
    assert "token" not in page.json[0]
    assert "ws_url" not in page.json[0]


async def test_a_list_can_be_of_one_status(api: Api) -> None:
    made = [(await api.create()).json["id"] for _ in range(2)]
    await api.send("DELETE", f"{SESSIONS}/{made[0]}")

    completed = await api.get(f"{SESSIONS}?status=completed")

    assert [one["id"] for one in completed.json] == [made[0]]
    assert completed.headers["X-Total-Count"] == "1"


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("limit=5.0", "limit"),
        ("limit=1_0", "limit"),
        ("limit=", "limit"),
        ("offset=-1", "offset"),
        ("offset=100001", "offset"),
        (f"offset={2**63}", "offset"),
        ("offset=" + "9" * 5000, "offset"),
        ("status=ended", "status"),
        ("status=", "status"),
    ],
)
async def test_a_list_query_out_of_bounds_is_refused(api: Api, query: str, param: str) -> None:
    answer = await api.get(f"{SESSIONS}?{query}")

    assert (answer.status, answer.code) == (422, "validation_error")
    assert answer.json["error"]["param"] == param
    assert answer.json["detail"][0]["loc"] == ["query", param]


async def test_the_largest_offset_is_an_empty_page(api: Api) -> None:
    await api.create()

    answer = await api.get(f"{SESSIONS}?limit=200&offset=100000")

    assert (answer.status, answer.json) == (200, [])


async def test_deleting_ends_a_session_and_empties_its_room(
    api: Api, livekit_server: LiveKitServer
) -> None:
    session = (await api.create()).json
    room = session["config"]["livekit_room"]
    async with LiveKitAPI(livekit_server.url, livekit_server.key, livekit_server.secret) as livekit:
        await livekit.room.create_room(CreateRoomRequest(name=room))

        deleted = await api.send("DELETE", f"{SESSIONS}/{session['id']}")

        rooms = await livekit.room.list_rooms(ListRoomsRequest(names=[room]))
    assert (deleted.status, deleted.body) == (204, b"")
    assert not rooms.rooms
    after = (await api.get(f"{SESSIONS}/{session['id']}")).json
    assert (after["status"], after["end_reason"]) == ("completed", "api_delete")
    assert after["ended_at"] is not None
    assert after["duration_seconds"] is None


async def test_deleting_a_finished_session_changes_nothing(api: Api) -> None:
    session = (await api.create()).json
    async with api.database.connection() as connection:
        sessions = SessionRepository(connection)
        await sessions.mark_active(SessionId(UUID(session["id"])), {})
        await sessions.end_session(SessionId(UUID(session["id"])), EndReason.AGENT_ERROR)
    before = (await api.get(f"{SESSIONS}/{session['id']}")).json

    deleted = await api.send("DELETE", f"{SESSIONS}/{session['id']}")

    assert deleted.status == 204
    assert (await api.get(f"{SESSIONS}/{session['id']}")).json == before
    assert before["status"] == "failed"
    assert before["duration_seconds"] >= 0


@pytest.mark.parametrize(
    "session_id",
    [str(NOBODYS), "no-uuid", f"{{{NOBODYS}}}", NOBODYS.hex, "%00", "%ff", "..%2f..", "x" * 4000],
)
@pytest.mark.parametrize("tail", ["", "/transcript"])
async def test_an_unknown_id_is_not_found(api: Api, session_id: str, tail: str) -> None:
    answer = await api.get(f"{SESSIONS}/{session_id}{tail}")

    assert (answer.status, answer.code) == (404, "not_found")


async def test_another_tenants_session_reads_like_an_unknown_one(
    api: Api, api_env: dict[str, str]
) -> None:
    session = (await api.create()).json
    async with running_api(api_env) as other:
        path = f"{SESSIONS}/{session['id']}"
        answers = [
            await other.get(path),
            await other.get(f"{path}/transcript"),
            await other.send("DELETE", path),
        ]
        unknown = await other.get(f"{SESSIONS}/{uuid4()}")
        listed = await other.get(SESSIONS)

    assert {answer.status for answer in answers} == {404}
    assert answers[0].json["error"]["message"] == unknown.json["error"]["message"]
    assert listed.json == []
    assert (await api.get(path)).json["status"] == "created"


async def test_without_livekit_nothing_is_created(api_env: dict[str, str]) -> None:
    away = {"LIVEKIT_URL": f"ws://127.0.0.1:{free_port()}", "LIVEKIT_TIMEOUT_S": "1"}
    async with running_api({**api_env, **away}) as api:
        answer = await api.create()
        ready = await api.get("/readyz")

        assert (answer.status, answer.code) == (503, "service_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert await api.row_count() == 0
        assert ready.status == 503
        assert ready.json["checks"]["database"] == "ok"
        assert ready.json["checks"]["livekit"] == "unavailable"


async def test_a_livekit_that_refuses_our_key_counts_as_away(api_env: dict[str, str]) -> None:
    async with running_api({**api_env, "LIVEKIT_API_SECRET": "x" * 40}) as api:
        answer = await api.create()

        assert (answer.status, answer.code) == (503, "service_unavailable")
        assert await api.row_count() == 0


async def test_a_session_ends_even_while_livekit_is_away(
    api: Api, api_env: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    session = (await api.create()).json
    away = {"LIVEKIT_URL": f"ws://127.0.0.1:{free_port()}"}
    async with running_api({**api_env, **away}) as half:
        deleted = await half.send(
            "DELETE",
            f"{SESSIONS}/{session['id']}",
            headers={"Authorization": f"Bearer {api.key}"},
        )

    assert deleted.status == 204
    assert (await api.get(f"{SESSIONS}/{session['id']}")).json["status"] == "completed"
    assert "room.not_deleted" in [record.message for record in caplog.records]
