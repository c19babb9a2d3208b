"""What a bot wants to know of its sessions once they are over, as a config keeps it.

The schema is JSON text: `jsonb` would drop nulls and forget the order of keys.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

SENTIMENTS: Final = ("positive", "neutral", "negative")


@dataclass(frozen=True, slots=True)
class AnalysisWish:
    """Empty is not wanted. `goal` says what the session was to reach, `schema` which fields are to
    be found in what was said."""

    summary: bool = False
    sentiment: bool = False
    dispositions: tuple[str, ...] = ()
    goal: str = ""
    schema: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` made."""
        return cls(**{**kept, "dispositions": tuple(kept["dispositions"])})

    def to_json(self) -> dict[str, Any]:
        """As a bot's or a session's config holds it."""
        return {**asdict(self), "dispositions": list(self.dispositions)}

    @property
    def fields(self) -> dict[str, Any] | None:
        """The schema of the fields that are wanted."""
        return json.loads(self.schema) if self.schema else None
