"""The API: who may ask, what it sends, what it looks after, how long it keeps things."""

import secrets
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Self

from pydantic import SecretStr, model_validator

from core.setting_groups.group import Group, secret, setting


class AuthSettings(Group):
    """Who may call the API with a JWT. Exactly one of secret and JWKS address."""

    jwt_secret: SecretStr = secret(
        "AUTH_JWT_SECRET", "", "HS256 secret, 32 bytes or more; empty in development: random"
    )
    jwks_url: str = setting("AUTH_JWKS_URL", "", "RS256/ES256 keys of your identity provider")
    jwt_issuer: str = setting("AUTH_JWT_ISSUER", "", "required `iss`; empty: any")
    jwt_audience: str = setting("AUTH_JWT_AUDIENCE", "", "required `aud`; empty: any")

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

    host: str = setting("API_HOST", "127.0.0.1", "address that the API binds")
    port: int = setting("API_PORT", 8080, "port of the API; 0: any", ge=0, le=65535)
    public_url: str = setting(
        "API_PUBLIC_URL",
        "",
        "origin of the API as clients reach it, for links to it; empty: as they have asked",
    )
    metrics_port: int = setting("METRICS_PORT", 9090, "port of /metrics; 0: any", ge=0, le=65535)
    max_connections: int = setting(
        "API_MAX_CONNECTIONS", 4096, "connections at once; more get a 503 and are closed", ge=1
    )
    tenant_requests: int = setting(
        "API_TENANT_REQUESTS",
        128,
        "requests of a tenant that a process has at hand, event streams aside; more get a 429",
        ge=1,
    )
    keep_alive_s: float = setting(
        "API_KEEP_ALIVE_S",
        75.0,
        "seconds that a connection may ask nothing, or take over a request's head",
        gt=0,
    )
    trusted_proxies: str = setting(
        "API_TRUSTED_PROXIES",
        "",
        "networks whose X-Forwarded-For is believed, comma between; empty: nobody's",
    )
    drain_s: float = setting(
        "API_DRAIN_S",
        5.0,
        "seconds after SIGTERM that balancers have to see /readyz say so; then streams end",
        ge=0,
    )
    stop_timeout_s: float = setting(
        "API_STOP_TIMEOUT_S",
        30.0,
        "seconds after SIGTERM at which the process leaves, whatever has not ended by then",
        gt=0,
    )
    min_session_credits: Decimal = setting(
        "MIN_SESSION_CREDITS", Decimal(1), "credits that a tenant needs to create a session", ge=0
    )
    console_api_key: SecretStr = secret(
        "CONSOLE_API_KEY", "", "development only: key that the local console signs in with"
    )
    console_tenant_id: str = setting(
        "CONSOLE_TENANT_ID",
        "",
        "development only: tenant as whose owner the local console signs in, rather than by key",
    )

    @cached_property
    def trusted_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Where our own proxies are."""
        given = (one.strip() for one in self.trusted_proxies.split(","))
        return tuple(ip_network(one) for one in given if one)

    @model_validator(mode="after")
    def _known_networks(self) -> Self:
        try:
            _ = self.trusted_networks
        except ValueError as exc:
            raise ValueError(f"API_TRUSTED_PROXIES: {exc}") from None
        return self

    @model_validator(mode="after")
    def _drained_in_time(self) -> Self:
        if self.drain_s >= self.stop_timeout_s:
            raise ValueError("API_DRAIN_S is not below API_STOP_TIMEOUT_S")
        return self


class WebhookSettings(Group):
    """Telling tenants' servers what happened."""

    allow_private: bool = setting(
        "WEBHOOK_ALLOW_PRIVATE",
        False,
        "reach private addresses too, for tools as well: local work only",
    )
    timeout_s: float = setting(
        "WEBHOOK_TIMEOUT_S", 10.0, "seconds an endpoint has to answer", gt=0, le=60
    )
    retry_waits: str = setting(
        "WEBHOOK_RETRY_WAITS_S",
        "2,4,8,16",
        "seconds before each attempt after the first; up to a fifth is added at random",
        pattern=r"^(\d+(\.\d+)?(,\d+(\.\d+)?)*)?$",
    )
    concurrency: int = setting(
        "WEBHOOK_CONCURRENCY", 128, "deliveries that one process makes at once", ge=1, le=1000
    )
    poll_s: float = setting(
        "WEBHOOK_POLL_S", 0.25, "seconds between two looks for what is due", gt=0, le=60
    )

    disable_after_days: float = setting(
        "WEBHOOK_DISABLE_AFTER_DAYS",
        5.0,
        "days in which every delivery to an endpoint was given up before it is disabled; 0: never",
        ge=0,
        le=36500,
    )

    @property
    def disable_after(self) -> timedelta | None:
        """How long an endpoint may fail; None: for ever."""
        return timedelta(days=self.disable_after_days) if self.disable_after_days else None

    @property
    def retry_waits_s(self) -> tuple[float, ...]:
        """The waits, one for each attempt after the first."""
        return tuple(float(one) for one in self.retry_waits.split(",") if one)


class EventSettings(Group):
    """Live events of sessions (server-sent)."""

    comment_interval_s: float = setting(
        "EVENTS_COMMENT_INTERVAL_S", 15.0, "seconds between two comments on a stream", gt=0
    )
    max_streams: int = setting(
        "EVENTS_MAX_STREAMS", 1000, "streams one process serves at once", ge=0
    )
    write_timeout_s: float = setting(
        "EVENTS_WRITE_TIMEOUT_S", 30.0, "seconds before a client that takes nothing is cut", gt=0
    )


class ReaperSettings(Group):
    """Ending sessions that nobody ends, sending for agents that are missing."""

    interval_s: float = setting("REAPER_INTERVAL_S", 1.0, "seconds between two looks", gt=0)
    agent_missing_s: float = setting(
        "REAPER_AGENT_MISSING_S",
        2.0,
        "seconds of a caller without an agent until one is sent",
        gt=0,
    )


class ReportSettings(Group):
    """Reports: answers summed up over many rows, and searches."""

    pool_size: int = setting(
        "REPORTS_POOL_SIZE", 4, "connections a process of the API may hold for reports", ge=1, le=50
    )
    per_tenant: int = setting(
        "REPORTS_PER_TENANT", 1, "reports of one tenant that a process makes at once", ge=1, le=50
    )
    timeout_s: float = setting(
        "REPORTS_TIMEOUT_S", 3.0, "seconds a report may take, and may wait for its turn", gt=0
    )


class RetentionSettings(Group):
    """How long what was said, sent and done is kept."""

    transcripts_days: int = setting(
        "RETENTION_TRANSCRIPTS_DAYS",
        0,
        "days after its end that a session keeps its words and metadata; 0: for ever",
        ge=0,
        le=36500,
    )
    recordings_days: int = setting(
        "RETENTION_RECORDINGS_DAYS",
        0,
        "days after its end that a session keeps its recording, at most as long as its words; "
        "0: as long",
        ge=0,
        le=36500,
    )
    deliveries_days: int = setting(
        "RETENTION_DELIVERIES_DAYS",
        30,
        "days that deliveries of webhooks which are over are kept; 0: for ever",
        ge=0,
        le=36500,
    )
    audit_days: int = setting(
        "RETENTION_AUDIT_DAYS",
        400,
        "days that entries of the audit are kept; 0: for ever",
        ge=0,
        le=36500,
    )
    interval_s: float = setting("RETENTION_INTERVAL_S", 60.0, "seconds between two looks", gt=0)
