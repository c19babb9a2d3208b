from dataclasses import replace
from datetime import timedelta

import jwt

from cli.dev.elsewhere import Elsewhere
from cli.dev.part import PartDied, StartError
from cli.dev.processes import is_registration
from cli.dev.run import explain, ready_content, told_stand_ins
from cli.dev.state import DevState, RunningDev
from cli.dev.tenant import owner_jwt

RUNNING = RunningDev(
    pid=41,
    api_url="http://127.0.0.1:8080",
    console_url="http://127.0.0.1:8080/console",
    livekit_url="ws://127.0.0.1:7880",
    database_url="postgresql://x",
    jwt="a.b.c",
    pids={"vaarta": 41, "api": 42},
    env={"AUTH_JWT_SECRET": "never in the ready file"},
)


def test_the_ready_file_holds_what_a_client_needs_and_no_more() -> None:
    state = replace(DevState.fresh(), tenant_id="t", api_key="cm_live_x", running=RUNNING)
    assert ready_content(state) == {
        "api_url": "http://127.0.0.1:8080",
        "console_url": "http://127.0.0.1:8080/console",
        "livekit_url": "ws://127.0.0.1:7880",
        "database_url": "postgresql://x",
        "tenant_id": "t",
        "api_key": "cm_live_x",
        "jwt": "a.b.c",
        "pids": {"vaarta": 41, "api": 42},
    }


def test_whoever_is_not_really_there_is_named() -> None:
    given = {"LLM_OPENROUTER_API_KEY": "k", "LLM_LOCAL_API_KEY": ""}
    speech, models = told_stand_ins(Elsewhere.read(given))
    assert "Sarvam" in speech
    assert "English only" in speech
    assert models == "a stand-in answers for the models of sarvam, clarifai, moonshot"


def test_real_speech_is_not_called_a_stand_in() -> None:
    assert len(told_stand_ins(Elsewhere.read({"SARVAM_API_KEY": "k"}))) == 1


def test_the_jwt_is_the_owners_and_runs_out_after_a_day() -> None:
    token = owner_jwt("s" * 48, "6f0a0c3e-0000-4000-8000-000000000001")
    claims = jwt.decode(token, "s" * 48, algorithms=["HS256"])
    assert claims["role"] == "owner"
    assert claims["tenant_id"] == "6f0a0c3e-0000-4000-8000-000000000001"
    assert claims["exp"] - claims["iat"] == timedelta(days=1).total_seconds()


def test_only_the_registration_line_counts_as_one() -> None:
    assert is_registration('{"event": "worker.registered", "id": "AW_1"}')
    assert not is_registration('{"event": "worker.starting"}')
    assert not is_registration("worker.registered")
    assert not is_registration('["worker.registered"]')
    assert not is_registration("[" * 60_000)


def test_a_failure_inside_a_group_is_told_as_itself() -> None:
    died = PartDied("api", 1, ("boom",))
    group = BaseExceptionGroup("start", [BaseExceptionGroup("core", [died])])
    assert explain(group) == str(died)


def test_an_unforeseen_failure_keeps_its_type() -> None:
    assert explain(ZeroDivisionError("x")) == "ZeroDivisionError('x')"
    assert explain(StartError("no livekit-server")) == "no livekit-server"
