from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from core.errors import ConfigError
from core.setting_groups import SANDBOX_KEY
from core.settings import Settings

PRODUCTION = {
    "APP_ENV": "production",
    "DATABASE_URL": "postgresql://vaarta:pw@db.internal/vaarta",
    "LIVEKIT_URL": "wss://livekit.example.com",
    "LIVEKIT_API_KEY": "APIkey",
    "LIVEKIT_API_SECRET": "a-secret-of-our-own",
    "SARVAM_API_KEY": "sk-real",
    "SARVAM_API_URL": "https://api.sarvam.ai",
    "SARVAM_WS_URL": "wss://api.sarvam.ai",
    "LLM_SARVAM_API_KEY": "sk-real",
    "LLM_SARVAM_URL": "https://api.sarvam.ai/v1",
    "AUTH_JWT_SECRET": "0123456789abcdef0123456789abcdef",
}


def read(**env: str) -> Settings:
    return Settings.from_env(env, dotenv=None)


def test_an_empty_environment_gives_settings_for_a_machine_of_ones_own() -> None:
    settings = read()
    assert settings.app.env == "development"
    assert settings.livekit.ws_url == settings.livekit.url
    assert settings.sarvam.api_key.get_secret_value() == SANDBOX_KEY


def test_callers_get_the_public_livekit_address_where_there_is_one() -> None:
    settings = read(LIVEKIT_URL="ws://livekit:7880", LIVEKIT_PUBLIC_URL="wss://voice.example.com")
    assert settings.livekit.ws_url == "wss://voice.example.com"
    assert settings.livekit.url == "ws://livekit:7880"


def test_a_session_of_postgres_is_had_past_the_pooler_where_there_is_one() -> None:
    url, direct = "postgresql://pooler/vaarta", "postgresql://postgres/vaarta"

    assert read(DATABASE_URL=url).database.session_dsn == url
    settings = read(DATABASE_URL=url, DATABASE_LISTEN_URL=direct)
    assert settings.database.session_dsn == direct


def test_every_problem_of_every_group_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        read(API_PORT="eighty", DATABASE_POOL_SIZE="0", LOG_LEVEL="LOUD")
    message = str(caught.value)
    assert all(name in message for name in ("API_PORT", "DATABASE_POOL_SIZE", "LOG_LEVEL"))


@pytest.mark.parametrize("name", ["DATABASE_TIMEOUT_S", "REJOIN_GRACE_S", "MIN_SESSION_CREDITS"])
@pytest.mark.parametrize("value", ["inf", "nan", "-inf"])
def test_no_time_and_no_amount_is_endless(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        read(**{name: value})


def test_a_problem_does_not_repeat_the_value() -> None:
    with pytest.raises(ConfigError) as caught:
        read(AUTH_JWT_SECRET="too-short-secret")
    assert "too-short-secret" not in str(caught.value)


def test_secrets_hide_in_repr() -> None:
    shown = repr(read(SARVAM_API_KEY="sk-very-secret", DATABASE_URL="postgresql://u:pw@h/d"))
    assert "sk-very-secret" not in shown
    assert "pw@h" not in shown


def test_settings_cannot_be_changed() -> None:
    settings = read()
    with pytest.raises(ValidationError):
        settings.api.port = 1


def test_a_dotenv_file_fills_what_the_environment_lacks(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("API_PORT=9000\nAGENT_CAPACITY=3\n")
    settings = Settings.from_env({"API_PORT": "9001"}, dotenv=dotenv)
    assert (settings.api.port, settings.agent.capacity) == (9001, 3)


def test_production_reads_no_dotenv_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("AGENT_CAPACITY=3\n")
    assert Settings.from_env(PRODUCTION, dotenv=dotenv).agent.capacity != 3


def test_a_development_jwt_secret_is_random_and_long() -> None:
    first, second = (read().auth.jwt_secret.get_secret_value() for _ in range(2))
    assert first != second
    assert len(first) >= 32


def test_a_secret_and_a_jwks_address_exclude_each_other() -> None:
    with pytest.raises(ConfigError, match="exclude each other"):
        read(AUTH_JWT_SECRET="x" * 32, AUTH_JWKS_URL="https://id.example.com/jwks")


def test_endpointing_delays_must_be_in_order() -> None:
    with pytest.raises(ConfigError, match="MAX_ENDPOINTING_DELAY_MS"):
        read(MIN_ENDPOINTING_DELAY_MS="900", MAX_ENDPOINTING_DELAY_MS="300")


def test_an_upstream_without_a_key_is_not_offered() -> None:
    settings = read(LLM_MOONSHOT_API_KEY="", LLM_LOCAL_URL="http://127.0.0.1:9/v1")
    assert settings.llm.upstream("moonshot") is None
    local = settings.llm.upstream("local")
    assert local is not None
    assert local.url == "http://127.0.0.1:9/v1"


def test_a_complete_production_environment_starts() -> None:
    settings = read(**PRODUCTION)
    assert settings.llm.upstream("sarvam") is not None
    assert settings.llm.upstream("openrouter") is None


def test_production_names_everything_that_is_missing_in_one_message() -> None:
    with pytest.raises(ConfigError) as caught:
        read(APP_ENV="production")
    required = [name for name in PRODUCTION if not name.startswith(("APP_", "LLM_"))]
    assert [name for name in required if name not in str(caught.value)] == []
    assert "LLM_<UPSTREAM>_API_KEY" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LIVEKIT_API_KEY", "devkey"),
        ("SARVAM_API_KEY", SANDBOX_KEY),
        ("SARVAM_API_URL", "http://127.0.0.1:8090"),
        ("CONSOLE_API_KEY", "cm_live_x"),
        ("CONSOLE_TENANT_ID", "5f0c1c1e-6f0e-4f2b-9d2c-2f0b1f1f3a10"),
        ("LLM_SARVAM_URL", ""),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
        *(
            ("LIVEKIT_PUBLIC_URL", url)
            for url in ("ws://127.0.0.1:7880", "ws://localhost:7880", "wss://[::1]", "ws://0.0.0.0")
        ),
    ],
)
def test_production_refuses_a_development_value(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        read(**{**PRODUCTION, name: value})


def test_production_may_reach_livekit_at_home_as_long_as_callers_do_not() -> None:
    local = {**PRODUCTION, "LIVEKIT_URL": "ws://127.0.0.1:7880"}
    with pytest.raises(ConfigError, match="LIVEKIT_PUBLIC_URL"):
        read(**local)
    assert read(**local, LIVEKIT_PUBLIC_URL="wss://voice.example.com").livekit.ws_url


def test_the_database_is_sealed_with_its_own_key_or_else_livekits_secret() -> None:
    key = "a-key-of-our-own-that-is-long-enough"
    livekits = SecretStr("a-secret-of-our-own")
    assert read(**PRODUCTION).sealing_keys == (livekits,)
    assert read(**PRODUCTION, DATA_ENCRYPTION_KEY=key).sealing_keys == (SecretStr(key),)
    given = read(DATA_ENCRYPTION_KEY=key, DATA_ENCRYPTION_EARLIER_KEYS="the-last, the-first,")
    assert given.sealing_keys == tuple(map(SecretStr, (key, "the-last", "the-first")))
    with pytest.raises(ConfigError, match="DATA_ENCRYPTION_KEY"):
        read(DATA_ENCRYPTION_KEY="short")


def test_networks_that_are_none_are_named() -> None:
    with pytest.raises(ConfigError, match="API_TRUSTED_PROXIES"):
        Settings.from_env({"API_TRUSTED_PROXIES": "10.0.0.0/8,everybody"}, dotenv=None)


def test_recordings_are_in_a_folder_or_in_a_bucket() -> None:
    folder, bucket = read().recording, read(RECORDING_STORE="s3://calls/ours/2026").recording
    assert (folder.is_bucket, bucket.is_bucket) == (False, True)
    assert bucket.bucket == ("calls", "ours/2026")
    assert (folder.bucket_url, bucket.bucket_url) == ("", "https://s3.us-east-1.amazonaws.com")
    for store in ("", "s3://", "s3:///x", "gs://calls"):
        with pytest.raises(ConfigError, match="RECORDING_STORE"):
            read(RECORDING_STORE=store)
    with pytest.raises(ConfigError, match="go together"):
        read(RECORDING_S3_KEY_ID="half-a-pair")
