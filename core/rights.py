"""What a tenant, a person and a key may do, and the names by which that is said."""

from enum import StrEnum
from typing import Final


class Plan(StrEnum):
    """What a tenant pays for."""

    FREE = "free"
    STARTER = "starter"
    PRO = "pro"
    ENTERPRISE = "enterprise"


class Role(StrEnum):
    """What a person is to their tenant."""

    OWNER = "owner"
    ADMIN = "admin"
    AGENT = "agent"


class Permission(StrEnum):
    """A service that a key may use."""

    LLM = "llm"
    STT = "stt"
    TTS = "tts"
    SEARCH = "search"
    IMAGE = "image"


class Scope(StrEnum):
    """What of the tenant's own a key may read or change."""

    READ_BOTS = "bots:read"
    WRITE_BOTS = "bots:write"
    WRITE_WEBHOOKS = "webhooks:write"
    READ_USAGE = "usage:read"
    LISTEN = "sessions:listen"


EVERYONE: Final = frozenset(Role)
MANAGERS: Final = frozenset({Role.OWNER, Role.ADMIN})
CONVERSING: Final = (Permission.STT, Permission.TTS, Permission.LLM)
"""What a conversation takes."""
