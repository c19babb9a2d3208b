import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from cli.dev.state import (
    DevState,
    RunningDev,
    is_locked,
    load_dev_state,
    lock,
    save_dev_state,
    write_private,
)
from core.errors import ConfigError

RUNNING = RunningDev(
    pid=41,
    api_url="http://127.0.0.1:8080",
    console_url="http://127.0.0.1:8080/console",
    livekit_url="ws://127.0.0.1:7880",
    database_url="postgresql://vaarta:database-password@127.0.0.1/postgres",
    jwt="header.payload.signature",
    pids={"vaarta": 41},
    env={"SARVAM_API_KEY": "sk-real"},
)


def test_a_folder_without_a_run_has_no_state(tmp_path: Path) -> None:
    assert load_dev_state(tmp_path) is None
    assert not is_locked(tmp_path)


def test_a_running_system_is_found_while_its_lock_is_held(tmp_path: Path) -> None:
    state = replace(DevState.fresh(), tenant_id="t", api_key="cm_live_x", running=RUNNING)
    with lock(tmp_path) as holder:
        assert holder is None
        save_dev_state(tmp_path, state)
        assert load_dev_state(tmp_path) == state


def test_a_killed_run_is_not_taken_for_a_live_one(tmp_path: Path) -> None:
    state = replace(DevState.fresh(), running=RUNNING)
    save_dev_state(tmp_path, state)
    assert load_dev_state(tmp_path) == replace(state, running=None)


def test_the_second_lock_names_the_first_ones_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.dev.state.LOCK_ATTEMPTS", 1)
    monkeypatch.setattr("cli.dev.state.LOCK_PAUSE_S", 0.0)
    monkeypatch.setattr("os.getpid", lambda: 4711)
    with lock(tmp_path), lock(tmp_path) as holder:
        assert holder == 4711


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    save_dev_state(tmp_path, DevState.fresh())
    assert stat.S_IMODE((tmp_path / "dev.json").stat().st_mode) == 0o600


def test_a_private_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    path.write_text("an older file that everybody may read")
    path.chmod(0o644)
    write_private(path, {"api_url": "http://x"})
    assert json.loads(path.read_text()) == {"api_url": "http://x"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_an_unreadable_state_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text("{")
    with pytest.raises(ConfigError, match="remove it"):
        load_dev_state(tmp_path)


def test_secrets_hide_in_repr() -> None:
    state = replace(DevState.fresh(), api_key="cm_live_secret", running=RUNNING)
    secrets = (state.jwt_secret, state.livekit_api_secret, "cm_live_secret", "sk-real")
    assert not any(secret in repr(state) for secret in (*secrets, "database-password", "payload"))
