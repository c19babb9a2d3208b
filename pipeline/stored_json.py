"""JSON that outlives the process: text that every store takes, and reading without trust.

What is read may have been written by another version of this, cut off, or never. A key that is
missing or holds another kind of value reads as empty; nothing is raised.
"""

from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar
from uuid import UUID

D = TypeVar("D")

LARGEST: Final = 2**31 - 1
"""What an integer column holds."""


def storable(text: str, max_chars: int) -> str:
    """The beginning of `text` in characters that a database takes: no NUL, no half a pair."""
    return text[:max_chars].replace("\0", "").encode(errors="ignore").decode()


@dataclass(frozen=True, slots=True)
class Stored:
    """A JSON object as it was found."""

    values: dict[Any, Any]

    @classmethod
    def read(cls, data: object) -> Self:
        """`data`, empty unless it is an object."""
        return cls(data if isinstance(data, dict) else {})

    def text(self, key: str) -> str:
        """A text, else ""."""
        return self._of(key, "")

    def flag(self, key: str) -> bool:
        """A truth, else false."""
        return self._of(key, False)

    def number(self, key: str) -> float:
        """A number that is not negative and not beyond all reason, else 0."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return 0.0
        return float(value) if 0 <= value <= LARGEST else 0.0

    def whole(self, key: str) -> int:
        """A whole number that is not negative, else 0."""
        return int(self.number(key))

    def uuid(self, key: str) -> str | None:
        """An id."""
        try:
            return str(UUID(self.text(key)))
        except ValueError:
            return None

    def part(self, key: str) -> "Stored | None":
        """An object inside."""
        value = self.values.get(key)
        return Stored(value) if isinstance(value, dict) else None

    def _of(self, key: str, default: D) -> D:
        value = self.values.get(key)
        return value if isinstance(value, type(default)) else default
