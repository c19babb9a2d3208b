"""The groups of the settings: each is handed only to the part that needs it.

A field carries its environment name, its default for a machine of one's own, and the sentence that
`.env.example` shows; a test holds the two equal.
"""

import secrets
from decimal import Decimal
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

DEVELOPMENT_LIVEKIT_KEY: Final = "devkey"
DEVELOPMENT_LIVEKIT_SECRET: Final = "vaarta-development-secret-not-for-production"  # noqa: S105
SANDBOX_KEY: Final = "sandbox"
SANDBOX_URL: Final = "http://127.0.0.1:8090"
UPSTREAMS: Final = ("sarvam", "openrouter", "clarifai", "moonshot", "local")


def _env(name: str, default: Any, meaning: str, **rules: Any) -> Any:
    return Field(default=default, alias=name, description=meaning, **rules)


def _secret(name: str, default: str, meaning: str) -> Any:
    return Field(default=SecretStr(default), alias=name, description=meaning)


class Group(BaseModel):
    """A frozen group of settings whose aliases are environment names."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class AppSettings(Group):
    """What the process is."""

    env: Literal["development", "production"] = _env(
        "APP_ENV", "development", "development or production; production refuses local defaults"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _env(
        "LOG_LEVEL", "INFO", "least severe line that is logged"
    )


class DatabaseSettings(Group):
    """Postgres."""

    url: SecretStr = _secret(
        "DATABASE_URL",
        "postgresql://postgres@127.0.0.1:5432/vaarta",
        "asyncpg DSN; `vaarta dev` starts an embedded Postgres in .data/ when it is not set",
    )
    pool_size: int = _env("DATABASE_POOL_SIZE", 10, "connections a process may hold", ge=1, le=200)
    timeout_s: float = _env("DATABASE_TIMEOUT_S", 5.0, "seconds a statement may take", gt=0)
    encryption_key: SecretStr = _secret(
        "DATA_ENCRYPTION_KEY",
        "",
        "seals secrets in the database, 32 bytes or more; empty: derived from LIVEKIT_API_SECRET",
    )

    earlier_encryption_keys: SecretStr = _secret(
        "DATA_ENCRYPTION_EARLIER_KEYS",
        "",
        "keys that sealed before DATA_ENCRYPTION_KEY, comma between; they open, and seal nothing",
    )

    @property
    def earlier_keys(self) -> tuple[SecretStr, ...]:
        """Those that sealed before the present one, the latest first."""
        given = self.earlier_encryption_keys.get_secret_value().split(",")
        return tuple(SecretStr(one.strip()) for one in given if one.strip())

    @model_validator(mode="after")
    def _long_key(self) -> Self:
        if 0 < len(self.encryption_key.get_secret_value().encode()) < 32:
            raise ValueError("DATA_ENCRYPTION_KEY is shorter than 32 bytes")
        return self


class LiveKitSettings(Group):
    """The LiveKit server and how the agent is found on it."""

    url: str = _env("LIVEKIT_URL", "ws://127.0.0.1:7880", "LiveKit as our processes reach it")
    public_url: str = _env(
        "LIVEKIT_PUBLIC_URL", "", "LiveKit as callers reach it (`ws_url`); empty: LIVEKIT_URL"
    )
    api_key: str = _env("LIVEKIT_API_KEY", DEVELOPMENT_LIVEKIT_KEY, "LiveKit API key")
    api_secret: SecretStr = _secret(
        "LIVEKIT_API_SECRET",
        DEVELOPMENT_LIVEKIT_SECRET,
        "LiveKit API secret, signs callers' tokens",
    )
    agent_name: str = _env("LIVEKIT_AGENT_NAME", "vaarta", "name under which workers register")
    timeout_s: float = _env("LIVEKIT_TIMEOUT_S", 5.0, "seconds a LiveKit API call may take", gt=0)

    @property
    def ws_url(self) -> str:
        """What a caller is told to connect to."""
        return self.public_url or self.url


class Provider(Group):
    """A service that is asked with a key of ours."""

    api_key: SecretStr

    @property
    def is_stand_in(self) -> bool:
        """Whether its key is the one that stand-ins alone take."""
        return self.api_key.get_secret_value() == SANDBOX_KEY


class SarvamSettings(Provider):
    """Speech to text and text to speech."""

    api_key: SecretStr = _secret("SARVAM_API_KEY", SANDBOX_KEY, "Sarvam API subscription key")
    api_url: str = _env(
        "SARVAM_API_URL", SANDBOX_URL, "origin of Sarvam's REST API; theirs: https://api.sarvam.ai"
    )
    ws_url: str = _env(
        "SARVAM_WS_URL",
        SANDBOX_URL.replace("http", "ws"),
        "origin of Sarvam's sockets; theirs: wss://api.sarvam.ai",
    )
    connect_timeout_s: float = _env(
        "SARVAM_CONNECT_TIMEOUT_S", 5.0, "seconds to open a socket", gt=0
    )
    answer_timeout_s: float = _env(
        "SARVAM_ANSWER_TIMEOUT_S", 4.0, "seconds without audio or text that was asked for", gt=0
    )
    final_timeout_s: float = _env(
        "SARVAM_FINAL_TIMEOUT_S",
        2.5,
        "seconds without any transcript after speech before recognition is connected anew",
        gt=0,
    )

    @property
    def headers(self) -> dict[str, str]:
        """What each request has to carry."""
        return {"api-subscription-key": self.api_key.get_secret_value()}


class UpstreamSettings(Provider):
    """One OpenAI-compatible server, and what it calls its model where the catalog does not say."""

    url: str
    api_key: SecretStr
    model: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What each request has to carry."""
        return {"Authorization": f"Bearer {self.api_key.get_secret_value()}"}


class LlmSettings(Group):
    """Language model upstreams; the catalog names them in lower case."""

    sarvam_url: str = _env(
        "LLM_SARVAM_URL",
        f"{SANDBOX_URL}/upstreams/sarvam/v1",
        "Sarvam chat, to and with /v1; theirs: https://api.sarvam.ai/v1",
    )
    sarvam_api_key: SecretStr = _secret("LLM_SARVAM_API_KEY", SANDBOX_KEY, "empty: not offered")
    openrouter_url: str = _env(
        "LLM_OPENROUTER_URL",
        f"{SANDBOX_URL}/upstreams/openrouter/v1",
        "OpenRouter base URL; theirs: https://openrouter.ai/api/v1",
    )
    openrouter_api_key: SecretStr = _secret(
        "LLM_OPENROUTER_API_KEY", SANDBOX_KEY, "empty: not offered"
    )
    clarifai_url: str = _env(
        "LLM_CLARIFAI_URL",
        f"{SANDBOX_URL}/upstreams/clarifai/v1",
        "Clarifai base URL; theirs: https://api.clarifai.com/v2/ext/openai/v1",
    )
    clarifai_api_key: SecretStr = _secret("LLM_CLARIFAI_API_KEY", SANDBOX_KEY, "empty: not offered")
    moonshot_url: str = _env(
        "LLM_MOONSHOT_URL",
        f"{SANDBOX_URL}/upstreams/moonshot/v1",
        "Moonshot base URL; theirs: https://api.moonshot.ai/v1",
    )
    moonshot_api_key: SecretStr = _secret("LLM_MOONSHOT_API_KEY", SANDBOX_KEY, "empty: not offered")
    local_url: str = _env(
        "LLM_LOCAL_URL", f"{SANDBOX_URL}/upstreams/local/v1", "any server of your own, its /v1"
    )
    local_api_key: SecretStr = _secret("LLM_LOCAL_API_KEY", SANDBOX_KEY, "empty: not offered")
    local_model: str = _env(
        "LLM_LOCAL_MODEL", "", "what that server calls its model; empty: the only one it lists"
    )
    first_token_timeout_s: float = _env(
        "LLM_FIRST_TOKEN_TIMEOUT_S",
        4.0,
        "seconds to a first token before a request has failed",
        gt=0,
    )
    token_timeout_s: float = _env(
        "LLM_TOKEN_TIMEOUT_S", 5.0, "seconds between two tokens before a reply is given up", gt=0
    )
    think_timeout_s: float = _env(
        "LLM_THINK_TIMEOUT_S",
        20.0,
        "seconds that a model may reason before its first token",
        gt=0,
    )
    stall_s: float = _env(
        "LLM_STALL_S",
        0.8,
        "seconds between two tokens, none of them spoken yet, before another upstream is asked",
        gt=0,
    )

    first_token_budget_ms: int = _env(
        "LLM_FIRST_TOKEN_BUDGET_MS",
        800,
        "to a first token; a model that half of the turns wait for longer is told to be too slow",
        ge=1,
        le=60_000,
    )

    def upstream(self, name: str) -> UpstreamSettings | None:
        """The named upstream, None when it has no key."""
        key: SecretStr = getattr(self, f"{name}_api_key")
        if not key.get_secret_value():
            return None
        model = getattr(self, f"{name}_model", "")
        return UpstreamSettings(url=getattr(self, f"{name}_url"), api_key=key, model=model)


class TurnSettings(Group):
    """Taking turns: the operator's defaults."""

    min_endpointing_delay_ms: int = _env(
        "MIN_ENDPOINTING_DELAY_MS", 200, "silence after a complete sentence", ge=60, le=5000
    )
    max_endpointing_delay_ms: int = _env(
        "MAX_ENDPOINTING_DELAY_MS", 1200, "silence after an unfinished one", ge=60, le=10000
    )
    early_answers: int = _env(
        "EARLY_ANSWERS",
        3,
        "answers a turn may start before the caller is silent, wrong ones are paid for; 0: none",
        ge=0,
        le=20,
    )
    max_turn_s: float = _env(
        "MAX_TURN_S",
        30.0,
        "of a caller's turn that does not end; it is answered, then asked about, then no_input",
        ge=5,
        le=600,
    )
    acknowledge_after_ms: int = _env(
        "ACKNOWLEDGE_AFTER_MS",
        0,
        'silence after which a late answer is preceded by a short "hmm"; 0: never',
        ge=0,
        le=10000,
    )
    idle_prompt_s: float = _env(
        "IDLE_PROMPT_S", 20.0, "silence before a caller is asked if they are there; 0: never", ge=0
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_endpointing_delay_ms < self.min_endpointing_delay_ms:
            raise ValueError("MAX_ENDPOINTING_DELAY_MS is below MIN_ENDPOINTING_DELAY_MS")
        return self


class AgentSettings(Group):
    """The worker."""

    capacity: int = _env("AGENT_CAPACITY", 8, "sessions one worker takes at once", ge=1, le=1000)
    idle_processes: int = _env(
        "AGENT_IDLE_PROCESSES", 2, "warm processes waiting for a session", ge=0, le=64
    )
    host: str = _env("AGENT_HOST", "127.0.0.1", "address of the worker's health page")
    port: int = _env("AGENT_PORT", 8081, "port of the worker's health page; 0: any", ge=0, le=65535)
    metrics_port: int = _env(
        "AGENT_METRICS_PORT", 9091, "port of the worker's /metrics; 0: any", ge=0, le=65535
    )
    drain_s: float = _env(
        "DRAIN_S",
        30.0,
        "seconds a stopping worker's sessions go on before they are handed to another worker",
        ge=0,
    )
    drain_timeout_s: int = _env(
        "AGENT_DRAIN_TIMEOUT_S",
        3700,
        "seconds a stopping worker waits for sessions that no other worker takes",
        ge=0,
    )
    start_timeout_s: float = _env(
        "AGENT_START_TIMEOUT_S", 15.0, "seconds from the caller's joining to the first word", gt=0
    )
    rejoin_grace_s: float = _env(
        "REJOIN_GRACE_S", 20.0, "seconds a caller who dropped off may come back in", ge=0
    )
    journal_dir: str = _env(
        "AGENT_JOURNAL_DIR",
        ".data/journal",
        "folder for rows that Postgres is away for, on a volume that outlives the worker; "
        "empty: none",
    )
    journal_max_mb: int = _env(
        "AGENT_JOURNAL_MAX_MB", 256, "megabytes that this folder may hold", ge=1
    )
    repertoire_dir: str = _env(
        "AGENT_REPERTOIRE_DIR",
        ".data/repertoire",
        "folder for the sound of clauses that recur, shared by a machine's workers; empty: none",
    )
    repertoire_max_mb: int = _env(
        "AGENT_REPERTOIRE_MAX_MB", 64, "megabytes that this folder may hold", ge=1
    )


class AuthSettings(Group):
    """Who may call the API with a JWT. Exactly one of secret and JWKS address."""

    jwt_secret: SecretStr = _secret(
        "AUTH_JWT_SECRET", "", "HS256 secret, 32 bytes or more; empty in development: random"
    )
    jwks_url: str = _env("AUTH_JWKS_URL", "", "RS256/ES256 keys of your identity provider")
    jwt_issuer: str = _env("AUTH_JWT_ISSUER", "", "required `iss`; empty: any")
    jwt_audience: str = _env("AUTH_JWT_AUDIENCE", "", "required `aud`; empty: any")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        secret = self.jwt_secret.get_secret_value()
        if secret and self.jwks_url:
            raise ValueError("AUTH_JWT_SECRET and AUTH_JWKS_URL exclude each other")
        if secret and len(secret.encode()) < 32:
            raise ValueError("AUTH_JWT_SECRET is shorter than 32 bytes")
        if not secret and not self.jwks_url:
            object.__setattr__(self, "jwt_secret", SecretStr(secrets.token_urlsafe(48)))
        return self


class ApiSettings(Group):
    """The HTTP service."""

    host: str = _env("API_HOST", "127.0.0.1", "address that the API binds")
    port: int = _env("API_PORT", 8080, "port of the API; 0: any", ge=0, le=65535)
    metrics_port: int = _env("METRICS_PORT", 9090, "port of /metrics; 0: any", ge=0, le=65535)
    stop_timeout_s: float = _env(
        "API_STOP_TIMEOUT_S",
        30.0,
        "seconds after SIGTERM at which the process leaves, whatever has not ended by then",
        gt=0,
    )
    min_session_credits: Decimal = _env(
        "MIN_SESSION_CREDITS", Decimal(1), "credits that a tenant needs to create a session", ge=0
    )
    console_api_key: SecretStr = _secret(
        "CONSOLE_API_KEY", "", "development only: key that the local console signs in with"
    )
    console_tenant_id: str = _env(
        "CONSOLE_TENANT_ID",
        "",
        "development only: tenant as whose owner the local console signs in, rather than by key",
    )


class WebhookSettings(Group):
    """Telling tenants' servers what happened."""

    allow_private: bool = _env(
        "WEBHOOK_ALLOW_PRIVATE",
        False,
        "reach private addresses too, for tools as well: local work only",
    )
    timeout_s: float = _env(
        "WEBHOOK_TIMEOUT_S", 10.0, "seconds an endpoint has to answer", gt=0, le=60
    )
    retry_waits: str = _env(
        "WEBHOOK_RETRY_WAITS_S",
        "2,4,8,16",
        "seconds before each attempt after the first; up to a fifth is added at random",
        pattern=r"^(\d+(\.\d+)?(,\d+(\.\d+)?)*)?$",
    )
    concurrency: int = _env(
        "WEBHOOK_CONCURRENCY", 128, "deliveries that one process makes at once", ge=1, le=1000
    )
    poll_s: float = _env(
        "WEBHOOK_POLL_S", 0.25, "seconds between two looks for what is due", gt=0, le=60
    )

    @property
    def retry_waits_s(self) -> tuple[float, ...]:
        """The waits, one for each attempt after the first."""
        return tuple(float(one) for one in self.retry_waits.split(",") if one)


class EventSettings(Group):
    """Live events of sessions (server-sent)."""

    comment_interval_s: float = _env(
        "EVENTS_COMMENT_INTERVAL_S", 15.0, "seconds between two comments on a stream", gt=0
    )
    max_streams: int = _env("EVENTS_MAX_STREAMS", 1000, "streams one process serves at once", ge=0)
    write_timeout_s: float = _env(
        "EVENTS_WRITE_TIMEOUT_S", 30.0, "seconds before a client that takes nothing is cut", gt=0
    )


class ReaperSettings(Group):
    """Ending sessions that nobody ends, sending for agents that are missing."""

    interval_s: float = _env("REAPER_INTERVAL_S", 1.0, "seconds between two looks", gt=0)
    agent_missing_s: float = _env(
        "REAPER_AGENT_MISSING_S",
        2.0,
        "seconds of a caller without an agent until one is sent",
        gt=0,
    )


class RetentionSettings(Group):
    """How long what was said, sent and done is kept."""

    transcripts_days: int = _env(
        "RETENTION_TRANSCRIPTS_DAYS",
        0,
        "days after its end that a session keeps its words and metadata; 0: for ever",
        ge=0,
        le=36500,
    )
    deliveries_days: int = _env(
        "RETENTION_DELIVERIES_DAYS",
        30,
        "days that deliveries of webhooks which are over are kept; 0: for ever",
        ge=0,
        le=36500,
    )
    audit_days: int = _env(
        "RETENTION_AUDIT_DAYS",
        400,
        "days that entries of the audit are kept; 0: for ever",
        ge=0,
        le=36500,
    )
    interval_s: float = _env("RETENTION_INTERVAL_S", 60.0, "seconds between two looks", gt=0)
