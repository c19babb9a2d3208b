from dataclasses import replace
from pathlib import Path

import pytest

from cli.dev.state import DevState, RunningDev, lock, save_dev_state
from cli.environment import environment

RUNNING = RunningDev(
    pid=41,
    api_url="http://127.0.0.1:8080",
    console_url="http://127.0.0.1:8080/console",
    livekit_url="ws://127.0.0.1:7880",
    database_url="postgresql://running",
    jwt=None,
    pids={},
    env={"DATABASE_URL": "postgresql://running", "API_PORT": "8080", "AUTH_JWT_SECRET": "r" * 32},
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_running_system_is_found(folder: Path) -> None:
    with lock(folder):
        save_dev_state(folder, replace(DevState.fresh(), running=RUNNING))
        assert environment({}, folder)["DATABASE_URL"] == "postgresql://running"


def test_the_environment_wins_over_dotenv_and_dotenv_over_the_running_system(folder: Path) -> None:
    (folder / ".env").write_text("API_PORT=9000\nDATABASE_URL=postgresql://dotenv\n")
    with lock(folder):
        save_dev_state(folder, replace(DevState.fresh(), running=RUNNING))
        found = environment({"DATABASE_URL": "postgresql://given"}, folder)
    assert (found["DATABASE_URL"], found["API_PORT"]) == ("postgresql://given", "9000")


def test_secrets_outlive_the_run(folder: Path) -> None:
    state = DevState.fresh()
    save_dev_state(folder, state)
    assert environment({}, folder) == {
        "AUTH_JWT_SECRET": state.jwt_secret,
        "DATA_ENCRYPTION_KEY": state.data_encryption_key,
    }


def test_a_jwks_address_keeps_the_development_secret_out(folder: Path) -> None:
    save_dev_state(folder, DevState.fresh())
    assert "AUTH_JWT_SECRET" not in environment({"AUTH_JWKS_URL": "https://id/jwks"}, folder)


def test_production_sees_only_what_it_was_given(folder: Path) -> None:
    (folder / ".env").write_text("API_PORT=9000\n")
    save_dev_state(folder, DevState.fresh())
    given = {"APP_ENV": "production"}
    assert environment(given, folder) == given
