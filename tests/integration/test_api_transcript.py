"""Transcripts over HTTP."""

import tomllib
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from store.records import NewTurn, SessionId, TurnId
from store.turns import TurnRepository
from tests.integration.api import SESSIONS, Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEYS = (
    "turn_index user_transcript agent_response interrupted stt_ms first_token_ms first_audio_ms "
    "total_ms llm_model created_at id tts_ttfb_ms eou_delay_ms started_at_ms ended_at_ms language "
    "speech_ended_at_ms llm_requested_at_ms tts_requested_at_ms first_audio_at_ms "
    "discarded_answers used_input_tokens used_output_tokens used_characters discarded_input_tokens "
    "discarded_output_tokens discarded_characters tool_calls passages upstream faults"
).split()
GREETING = NewTurn(
    id=TurnId(uuid4()),
    turn_index=0,
    user_transcript="",
    agent_response="नमस्ते!",
    started_at_ms=0,
    ended_at_ms=900,
    agent_audio_s=0.9,
)
QUESTION = NewTurn(
    id=TurnId(uuid4()),
    turn_index=1,
    user_transcript="When do\nyou open?",
    agent_response="At nine",
    interrupted=True,
    stt_ms=61,
    llm_model="kimi-k2.5",
    language="en-IN",
    started_at_ms=1500,
    ended_at_ms=4000,
    caller_audio_s=1.0,
    agent_audio_s=0.75,
    discarded_answers=2,
    used_input_tokens=210,
    used_output_tokens=9,
    used_characters=40,
    discarded_input_tokens=420,
    discarded_output_tokens=3,
    discarded_characters=0,
    tool_rounds=[
        [
            {
                "id": "1",
                "name": "find_hours",
                "arguments": '{"day": "Sunday"}',
                "result": "nine to six",
                "outcome": "succeeded",
                "began_at_ms": 1700,
                "duration_ms": 310,
            },
            {"id": "2", "name": "x", "arguments": "[2", "result": None, "is_cut": True},
        ],
        "garbage",
        [7, {"name": 5, "began_at_ms": -1, "outcome": "odd"}],
    ],
    upstream={
        "llm": "moonshot",
        "llm_model": "kimi-k2.5",
        "tts_model": "bulbul:v3",
        "speaker": "shubh",
    },
    passages=[{"document_id": "d1", "document": "Hours", "number": 2, "text": "Nine to six."}, 3],
    faults=[
        {
            "kind": "model_late",
            "at_ms": 1500,
            "duration_ms": 900,
            "provider": "moonshot",
            "reason": None,
        }
    ],
)


@pytest_asyncio.fixture(loop_scope="session")
async def path(api: Api) -> str:
    session_id = (await api.create()).json["id"]
    async with api.database.connection() as connection:
        for turn in (GREETING, QUESTION):
            of_its_own = replace(turn, id=TurnId(uuid4()))
            await TurnRepository(connection).add_turn(SessionId(UUID(session_id)), of_its_own)
    return f"{SESSIONS}/{session_id}"


@pytest.mark.parametrize("query", ["", "?format=json"])
async def test_json_is_a_list_of_turns(api: Api, path: str, query: str) -> None:
    answer = await api.get(f"{path}/transcript{query}")

    assert answer.headers["Content-Type"] == "application/json"
    greeting, question = answer.json
    assert list(question) == KEYS
    assert (greeting["user_transcript"], greeting["stt_ms"]) == ("", None)
    assert (question["interrupted"], question["stt_ms"]) == (True, 61)
    assert (greeting["discarded_answers"], greeting["used_characters"]) == (None, None)
    assert [question[key] for key in KEYS[-11:-4]] == [2, 210, 9, 40, 420, 3, 0]
    assert [greeting[key] for key in KEYS[-4:]] == [[], [], None, []]


async def test_json_tells_what_happened_in_a_turn(api: Api, path: str) -> None:
    turn = (await api.get(f"{path}/transcript")).json[1]

    found, cut, odd = turn["tool_calls"]
    assert found == {
        "name": "find_hours",
        "arguments": {"day": "Sunday"},
        "result": "nine to six",
        "outcome": "succeeded",
        "began_at_ms": 1700,
        "duration_ms": 310,
        "is_cut": False,
    }
    assert (cut["arguments"], cut["outcome"], cut["is_cut"]) == ("[2", None, True)
    assert (odd["name"], odd["outcome"], odd["began_at_ms"]) == ("", None, None)
    assert turn["passages"] == [
        {"document_id": "d1", "document": "Hours", "number": 2, "text": "Nine to six."}
    ]
    assert turn["upstream"]["llm"] == "moonshot"
    assert turn["faults"][0]["duration_ms"] == 900


async def test_a_conversation_is_a_case_of_a_suite(api: Api, path: str) -> None:
    answer = await api.get(f"{path}/eval-case")

    assert answer.headers["Content-Type"] == "application/toml; charset=utf-8"
    (case,) = tomllib.loads(answer.body.decode())["case"]
    assert [said["text"] for said in case["say"]] == ["When do\nyou open?"]
    assert case["say"][0]["expect"]["tools"][0]["name"] == "find_hours"


async def test_there_is_no_case_of_a_session_in_which_nobody_spoke(api: Api) -> None:
    session_id = (await api.create()).json["id"]

    answer = await api.get(f"{SESSIONS}/{session_id}/eval-case")

    assert (answer.status, answer.code) == (409, "conflict")
    other = await api.for_new_tenant()
    assert (await other.get(f"{SESSIONS}/{session_id}/eval-case")).status == 404


async def test_txt_reads_as_a_conversation(api: Api, path: str) -> None:
    answer = await api.get(f"{path}/transcript?format=txt")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.body.decode() == ("Agent: नमस्ते!\nUser: When do you open?\nAgent: At nine\n")


async def test_srt_is_timed(api: Api, path: str) -> None:
    answer = await api.get(f"{path}/transcript?format=srt")

    assert answer.headers["Content-Type"] == "application/x-subrip"
    assert answer.body.decode() == (
        "1\n00:00:00,000 --> 00:00:00,900\nAgent: नमस्ते!\n\n"
        "2\n00:00:01,500 --> 00:00:02,500\nUser: When do you open?\n\n"
        "3\n00:00:03,250 --> 00:00:04,000\nAgent: At nine\n"
    )


async def test_turns_are_counted_on_the_session(api: Api, path: str) -> None:
    session = (await api.get(path)).json

    assert (session["turn_count"], session["total_audio_seconds"]) == (2, 2.65)


@pytest.mark.parametrize("wanted", ["pdf", "", "JSON", "json%00"])
async def test_an_unknown_format_is_refused(api: Api, path: str, wanted: str) -> None:
    answer = await api.get(f"{path}/transcript?format={wanted}")

    assert (answer.status, answer.code) == (422, "validation_error")
    assert answer.json["error"]["param"] == "format"


async def test_a_session_nobody_spoke_in_has_an_empty_transcript(api: Api) -> None:
    session = f"{SESSIONS}/{(await api.create()).json['id']}"

    bodies = [
        (await api.get(f"{session}/transcript?format={wanted}")).body
        for wanted in ("json", "txt", "srt")
    ]

    assert bodies == [b"[]", b"", b""]
