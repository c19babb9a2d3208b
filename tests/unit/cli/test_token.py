from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import jwt
import pytest

from cli.dev.state import DevState, save_dev_state
from cli.main import main
from cli.token import Person, signed
from core.errors import ConfigError

SECRET = "a-secret-for-tests-only-32-bytes-or-more"
TENANT = uuid4()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("AUTH_JWT_SECRET", "AUTH_JWKS_URL", "AUTH_JWT_ISSUER", "AUTH_JWT_AUDIENCE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".data").mkdir()
    return tmp_path


def test_the_secret_of_vaarta_dev_is_found(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = replace(DevState.fresh(), tenant_id=str(TENANT))
    save_dev_state(folder / ".data", state)

    assert main(["token", "--role", "agent"]) == 0

    claims = jwt.decode(capsys.readouterr().out.strip(), state.jwt_secret, algorithms=["HS256"])
    assert (claims["tenant_id"], claims["role"]) == (str(TENANT), "agent")
    assert claims["exp"] - claims["iat"] == 24 * 3600


def test_the_environment_wins_over_vaarta_dev(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save_dev_state(folder / ".data", DevState.fresh())
    monkeypatch.setenv("AUTH_JWT_SECRET", SECRET)

    assert main(["token", "--tenant", str(TENANT), "--expires-in", "60"]) == 0

    claims = jwt.decode(capsys.readouterr().out.strip(), SECRET, algorithms=["HS256"])
    assert claims["tenant_id"] == str(TENANT)
    assert claims["exp"] - claims["iat"] == 60


def test_issuer_and_audience_are_those_that_the_api_asks_for() -> None:
    env = {"AUTH_JWT_SECRET": SECRET, "AUTH_JWT_ISSUER": "us", "AUTH_JWT_AUDIENCE": "api"}
    token = signed(env, Person(UUID(int=1), "owner", 60), datetime.now(UTC))

    jwt.decode(token, SECRET, algorithms=["HS256"], issuer="us", audience="api")


def test_without_a_secret_or_a_tenant_it_says_what_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["token"]) == 2
    assert "--tenant" in capsys.readouterr().err
    with pytest.raises(ConfigError, match="AUTH_JWT_SECRET"):
        signed({}, Person(TENANT, "owner", 60), datetime.now(UTC))
