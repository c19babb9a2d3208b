"""The one settings object, read from the environment. Its groups: `core.setting_groups`."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError
from yarl import URL

from core.errors import ConfigError
from core.setting_groups import (
    DEVELOPMENT_LIVEKIT_KEY,
    DEVELOPMENT_LIVEKIT_SECRET,
    SANDBOX_KEY,
    SANDBOX_URL,
    UPSTREAMS,
    AdmissionSettings,
    AgentSettings,
    ApiSettings,
    AppSettings,
    AuthSettings,
    DatabaseSettings,
    EventSettings,
    Group,
    LiveKitSettings,
    LlmSettings,
    ReaperSettings,
    RecordingSettings,
    ReportSettings,
    RetentionSettings,
    SarvamSettings,
    TracingSettings,
    TurnSettings,
    WebhookSettings,
)


class Settings(Group):
    """Everything, in groups. Build it with `from_env`, once, in a `__main__`."""

    app: AppSettings = AppSettings()
    database: DatabaseSettings = DatabaseSettings()
    livekit: LiveKitSettings = LiveKitSettings()
    sarvam: SarvamSettings = SarvamSettings()
    llm: LlmSettings = LlmSettings()
    recording: RecordingSettings = RecordingSettings()
    turns: TurnSettings = TurnSettings()
    agent: AgentSettings = AgentSettings()
    auth: AuthSettings = AuthSettings()
    api: ApiSettings = ApiSettings()
    admission: AdmissionSettings = AdmissionSettings()
    webhooks: WebhookSettings = WebhookSettings()
    events: EventSettings = EventSettings()
    reaper: ReaperSettings = ReaperSettings()
    reports: ReportSettings = ReportSettings()
    retention: RetentionSettings = RetentionSettings()
    tracing: TracingSettings = TracingSettings()
    catalog_file: Path | None = None

    @property
    def sealing_keys(self) -> tuple[SecretStr, ...]:
        """What opens the secrets in the database, and first what seals them: its own key, else
        LiveKit's secret."""
        own = self.database.encryption_key
        first = own if own.get_secret_value() else self.livekit.api_secret
        return (first, *self.database.earlier_keys)

    @classmethod
    def from_env(cls, env: Mapping[str, str], *, dotenv: Path | None = Path(".env")) -> Self:
        """Read every group; `dotenv` fills what `env` lacks, in development only.

        Raises `ConfigError` that names every problem of every group at once.
        """
        values = dict(env)
        if dotenv is not None and values.get("APP_ENV", "development") == "development":
            found = {k: v for k, v in dotenv_values(dotenv).items() if v is not None}
            values = {**found, **values}
        if values.get("APP_ENV") == "production":
            values = {f"LLM_{name.upper()}_API_KEY": "" for name in UPSTREAMS} | values
        groups, problems = _read_groups(cls, values)
        if problems:
            raise ConfigError("\n".join(problems))
        catalog = values.get("CATALOG_FILE")
        settings = cls(**groups, catalog_file=Path(catalog) if catalog else None)
        if settings.app.env == "production":
            _refuse_development_values(settings, values)
        return settings


def group_types() -> dict[str, type[Group]]:
    """Name → class of every group, in the order of the settings object."""
    fields = Settings.model_fields.items()
    return {
        name: field.annotation
        for name, field in fields
        if isinstance(field.annotation, type) and issubclass(field.annotation, Group)
    }


def _read_groups(
    settings: type[Settings], values: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    groups: dict[str, Any] = {}
    problems: list[str] = []
    for name, group in group_types().items():
        given = {
            field.alias: values[field.alias]
            for field in group.model_fields.values()
            if field.alias and field.alias in values
        }
        try:
            groups[name] = group.model_validate(given)
        except ValidationError as exc:
            problems += [_describe(error) for error in exc.errors(include_input=False)]
    return groups, problems


def _describe(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg']}" if where else str(error["msg"])


def _is_own(url: str) -> bool:
    """Whether the URL stands for whatever machine asks."""
    try:
        host = (URL(url).host or "").removesuffix(".")
    except ValueError:
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f".{host}".endswith(".localhost")
    return address.is_loopback or address.is_unspecified


REQUIRED_IN_PRODUCTION: Final = (
    "DATABASE_URL",
    "LIVEKIT_URL",
    "LIVEKIT_API_KEY",
    "LIVEKIT_API_SECRET",
    "SARVAM_API_KEY",
    "SARVAM_API_URL",
    "SARVAM_WS_URL",
)
_DEVELOPMENT_VALUES: Final = {
    DEVELOPMENT_LIVEKIT_KEY,
    DEVELOPMENT_LIVEKIT_SECRET,
    SANDBOX_KEY,
    SANDBOX_URL,
}


def _refuse_development_values(settings: Settings, values: Mapping[str, str]) -> None:
    """Name every value that only suits a machine of one's own. Raises `ConfigError`."""
    problems = [
        f"{name}: required in production" for name in REQUIRED_IN_PRODUCTION if not values.get(name)
    ]
    problems += [
        f"{name}: a development value"
        for name in REQUIRED_IN_PRODUCTION
        if values.get(name) in _DEVELOPMENT_VALUES
    ]
    if not values.get("AUTH_JWT_SECRET") and not values.get("AUTH_JWKS_URL"):
        problems.append("AUTH_JWT_SECRET or AUTH_JWKS_URL: required in production")
    if settings.api.console_api_key.get_secret_value():
        problems.append("CONSOLE_API_KEY: for development only")
    if settings.api.console_tenant_id:
        problems.append("CONSOLE_TENANT_ID: for development only")
    if settings.webhooks.allow_private:
        problems.append("WEBHOOK_ALLOW_PRIVATE: for development only")
    if settings.livekit.ws_url and _is_own(settings.livekit.ws_url):
        problems.append("LIVEKIT_PUBLIC_URL: callers on other machines cannot reach this one so")
    offered = [name for name in UPSTREAMS if values.get(f"LLM_{name.upper()}_API_KEY")]
    problems += [
        f"LLM_{name.upper()}_URL: required beside its key"
        for name in offered
        if not values.get(f"LLM_{name.upper()}_URL")
    ]
    if not offered:
        problems.append("LLM_<UPSTREAM>_API_KEY: at least one is required in production")
    if problems:
        raise ConfigError("\n".join(problems))
