"""How many there are of each, where most have none most of the time."""

from collections import Counter
from collections.abc import Hashable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


class Counts(Counter[Key]):
    """A counter that forgets what there is none of any more: it does not grow with all who ever
    came."""

    def less(self, key: Key) -> None:
        """One less of it; there was one."""
        self[key] -= 1
        if not self[key]:
            del self[key]
