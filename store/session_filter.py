"""Which of a tenant's sessions a list is of, as SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from store.records import BotId, EndReason, SessionStatus, TenantId

# Each has an index of its own in the list's order, but for the words, which have one on turns.
_CONDITIONS: Final = {
    "status": "status = {}",
    "language": "config ->> 'language' = {}",
    "llm_model": "config ->> 'llm_model' = {}",
    "voice": "config ->> 'voice' = {}",
    "bot_id": "bot_id = {}",
    "bot_version": "config ->> 'bot_version' = {}",
    "end_reason": "end_reason = {}",
    "disposition": "disposition = {}",
    "sentiment": "sentiment = {}",
    "goal_met": "goal_met = {}",
    "created_from": "created_at >= {}",
    "created_to": "created_at < {}",
    "words": """EXISTS (
        SELECT FROM turns WHERE session_id = sessions.id AND words @@ transcript_query($1, {}))""",
    "ids": "id = ANY({}::uuid[])",
}


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """What all of the listed sessions have; None asks for nothing.

    `created_to` is the first moment beyond. `words` are all in one exchange, the last of them
    maybe only begun. `ids` are those that may be among them.
    """

    status: SessionStatus | None = None
    language: str | None = None
    llm_model: str | None = None
    voice: str | None = None
    bot_id: BotId | None = None
    bot_version: str | None = None
    end_reason: EndReason | None = None
    disposition: str | None = None
    sentiment: str | None = None
    goal_met: bool | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    words: str | None = None
    ids: tuple[UUID, ...] | None = None

    @property
    def given(self) -> dict[str, Any]:
        """What is asked for, by name."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def is_counted(self) -> bool:
        """Whether what it matches is counted as it comes, so that no row is read for it."""
        return self.given.keys() <= {"status"}

    def condition(self, tenant_id: TenantId) -> tuple[str, Sequence[Any]]:
        """The condition on `sessions`, and the arguments that it takes from `$1` on."""
        given = self.given
        parts = [_CONDITIONS[name].format(f"${n}") for n, name in enumerate(given, start=2)]
        return " AND ".join(["tenant_id = $1", *parts]), [tenant_id, *given.values()]
