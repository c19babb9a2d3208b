"""The groups of the settings: each is handed only to the part that needs it.

A field carries its environment name, its default for a machine of one's own, and the sentence that
`.env.example` shows; a test holds the two equal.
"""

from core.setting_groups.admission import AdmissionSettings
from core.setting_groups.agent import AgentSettings, TurnSettings
from core.setting_groups.api import (
    ApiSettings,
    AuthSettings,
    EventSettings,
    ReaperSettings,
    ReportSettings,
    RetentionSettings,
    WebhookSettings,
)
from core.setting_groups.group import Group
from core.setting_groups.platform import (
    DEVELOPMENT_LIVEKIT_KEY,
    DEVELOPMENT_LIVEKIT_SECRET,
    AppSettings,
    DatabaseSettings,
    LiveKitSettings,
    RecordingSettings,
    TracingSettings,
)
from core.setting_groups.providers import (
    CONNECTIONS_A_CALL,
    SANDBOX_KEY,
    SANDBOX_URL,
    UPSTREAMS,
    LlmSettings,
    Provider,
    SarvamSettings,
    UpstreamSettings,
)

__all__ = [
    "CONNECTIONS_A_CALL",
    "DEVELOPMENT_LIVEKIT_KEY",
    "DEVELOPMENT_LIVEKIT_SECRET",
    "SANDBOX_KEY",
    "SANDBOX_URL",
    "UPSTREAMS",
    "AdmissionSettings",
    "AgentSettings",
    "ApiSettings",
    "AppSettings",
    "AuthSettings",
    "DatabaseSettings",
    "EventSettings",
    "Group",
    "LiveKitSettings",
    "LlmSettings",
    "Provider",
    "ReaperSettings",
    "RecordingSettings",
    "ReportSettings",
    "RetentionSettings",
    "SarvamSettings",
    "TracingSettings",
    "TurnSettings",
    "UpstreamSettings",
    "WebhookSettings",
]
