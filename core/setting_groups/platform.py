"""What everything stands on: the process, Postgres, LiveKit."""

from typing import Final, Literal, Self

from pydantic import SecretStr, model_validator

from core.setting_groups.group import Group, secret, setting

DEVELOPMENT_LIVEKIT_KEY: Final = "devkey"
DEVELOPMENT_LIVEKIT_SECRET: Final = "vaarta-development-secret-not-for-production"  # noqa: S105

_BUCKET: Final = "s3://"


class AppSettings(Group):
    """What the process is."""

    env: Literal["development", "production"] = setting(
        "APP_ENV", "development", "development or production; production refuses local defaults"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = setting(
        "LOG_LEVEL", "INFO", "least severe line that is logged"
    )


class DatabaseSettings(Group):
    """Postgres."""

    url: SecretStr = secret(
        "DATABASE_URL",
        "postgresql://postgres@127.0.0.1:5432/vaarta",
        "asyncpg DSN; `vaarta dev` starts an embedded Postgres in .data/ when it is not set",
    )
    listen_url: SecretStr = secret(
        "DATABASE_LISTEN_URL",
        "",
        "the same database past the pooler that DATABASE_URL leads to, as PgBouncer in transaction"
        " mode: for live events and migrations; empty: DATABASE_URL",
    )
    pool_size: int = setting(
        "DATABASE_POOL_SIZE", 10, "connections a process may hold", ge=1, le=200
    )
    timeout_s: float = setting("DATABASE_TIMEOUT_S", 5.0, "seconds a statement may take", gt=0)
    encryption_key: SecretStr = secret(
        "DATA_ENCRYPTION_KEY",
        "",
        "seals secrets in the database, 32 bytes or more; empty: derived from LIVEKIT_API_SECRET",
    )

    earlier_encryption_keys: SecretStr = secret(
        "DATA_ENCRYPTION_EARLIER_KEYS",
        "",
        "keys that sealed before DATA_ENCRYPTION_KEY, comma between; they open, and seal nothing",
    )

    @property
    def session_dsn(self) -> str:
        """For what needs a session of Postgres: LISTEN, and the lock of those who migrate."""
        return self.listen_url.get_secret_value() or self.url.get_secret_value()

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


class RecordingSettings(Group):
    """What sessions sounded like."""

    store: str = setting(
        "RECORDING_STORE",
        ".data/recordings",
        "folder of the recordings, which workers and API share, or s3://bucket/prefix",
    )
    s3_endpoint: str = setting(
        "RECORDING_S3_ENDPOINT",
        "",
        "address of what speaks S3's protocol, as listeners reach it too; empty: Amazon's",
    )
    s3_region: str = setting("RECORDING_S3_REGION", "us-east-1", "region of the bucket")
    s3_key_id: str = setting(
        "RECORDING_S3_KEY_ID", "", "access key of the bucket; empty: the machine's own role"
    )
    s3_secret: SecretStr = secret("RECORDING_S3_SECRET", "", "the secret of that access key")
    link_s: int = setting(
        "RECORDING_LINK_S", 300, "seconds that a link to a recording is good for", ge=10, le=86400
    )
    waiting_max_mb: int = setting(
        "RECORDING_WAITING_MAX_MB",
        2048,
        "megabytes that may wait beside the journal for a store that is away; then none is begun",
        ge=1,
    )

    @property
    def is_bucket(self) -> bool:
        """Whether the store is a bucket, not a folder."""
        return self.store.startswith(_BUCKET)

    @property
    def bucket(self) -> tuple[str, str]:
        """Its name, and the prefix of all that is ours in it."""
        name, _, prefix = self.store.removeprefix(_BUCKET).partition("/")
        return name, prefix

    @property
    def bucket_url(self) -> str:
        """Where links into a bucket lead; empty for a folder."""
        if not self.is_bucket:
            return ""
        return self.s3_endpoint or f"https://s3.{self.s3_region}.amazonaws.com"

    @model_validator(mode="after")
    def _known_store(self) -> Self:
        if not self.store or (self.is_bucket and not self.bucket[0]):
            raise ValueError("RECORDING_STORE names no folder and no bucket")
        if "://" in self.store and not self.is_bucket:
            raise ValueError("RECORDING_STORE is neither a folder nor s3://bucket/prefix")
        if bool(self.s3_key_id) != bool(self.s3_secret.get_secret_value()):
            raise ValueError("RECORDING_S3_KEY_ID and RECORDING_S3_SECRET go together")
        return self


class LiveKitSettings(Group):
    """The LiveKit server and how the agent is found on it."""

    url: str = setting("LIVEKIT_URL", "ws://127.0.0.1:7880", "LiveKit as our processes reach it")
    public_url: str = setting(
        "LIVEKIT_PUBLIC_URL", "", "LiveKit as callers reach it (`ws_url`); empty: LIVEKIT_URL"
    )
    api_key: str = setting("LIVEKIT_API_KEY", DEVELOPMENT_LIVEKIT_KEY, "LiveKit API key")
    api_secret: SecretStr = secret(
        "LIVEKIT_API_SECRET",
        DEVELOPMENT_LIVEKIT_SECRET,
        "LiveKit API secret, signs callers' tokens",
    )
    agent_name: str = setting("LIVEKIT_AGENT_NAME", "vaarta", "name under which workers register")
    timeout_s: float = setting(
        "LIVEKIT_TIMEOUT_S", 5.0, "seconds a LiveKit API call may take", gt=0
    )

    @property
    def ws_url(self) -> str:
        """What a caller is told to connect to."""
        return self.public_url or self.url


class TracingSettings(Group):
    """Traces of requests, sessions and turns (OpenTelemetry, OTLP over HTTP)."""

    endpoint: str = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "",
        "the collector, as http://collector:4318; /v1/traces is added; empty: no traces",
    )
    traces_endpoint: str = setting(
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "",
        "where traces go, as it is; in place of OTEL_EXPORTER_OTLP_ENDPOINT",
    )
    headers: SecretStr = secret(
        "OTEL_EXPORTER_OTLP_HEADERS", "", "what the collector is sent as headers: name=value,..."
    )
    protocol: Literal["http/protobuf"] = setting(
        "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", "the only one that is spoken"
    )
    service_name: str = setting(
        "OTEL_SERVICE_NAME", "", "whose traces they are; empty: vaarta-api, vaarta-worker"
    )
    is_disabled: bool = setting("OTEL_SDK_DISABLED", False, "no traces, whatever else is set")

    @property
    def url(self) -> str:
        """Where traces are sent to; empty: nowhere."""
        if self.is_disabled:
            return ""
        base = self.endpoint.removesuffix("/")
        return self.traces_endpoint or (f"{base}/v1/traces" if base else "")
