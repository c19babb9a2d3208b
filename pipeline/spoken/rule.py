"""What a rule is: a pattern, and what people say for what it finds.

Every rule sees the text as it is written. The first one that claims a stretch keeps it; none sees
what another one said.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from pipeline.spoken.languages import Language

NEARBY: Final = 3
"""Words on either side that tell what a number is."""
_WITHIN_CHARS: Final = 80
_SENTENCE_END: Final = re.compile(r"[.!?।॥](?=\s)")
_EDGES: Final = ".,;:!?।॥()[]\"'“”‘’-–—"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text is read: in which language, and after which words."""

    language: Language
    before: str = ""

    def words_before(self, found: re.Match[str]) -> list[str]:
        """The last words ahead of what was found, in its sentence and in one case."""
        text = f"{self.before} {found.string[: found.start()]}"[-_WITHIN_CHARS:]
        return _words(_SENTENCE_END.split(text)[-1].split()[-NEARBY:])

    def words_after(self, found: re.Match[str]) -> list[str]:
        """The first words behind it."""
        text = found.string[found.end() : found.end() + _WITHIN_CHARS]
        return _words(_SENTENCE_END.split(text, maxsplit=1)[0].split()[:NEARBY])

    def words_nearby(self, found: re.Match[str]) -> set[str]:
        """Both."""
        return {*self.words_before(found), *self.words_after(found)}


Say = Callable[[re.Match[str], Place], str | None]
"""What is said; None where the rule does not hold after all."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Patterns are linear: text may be hostile."""

    pattern: re.Pattern[str]
    say: Say


def rule(pattern: str, say: Say | str, flags: int = 0) -> Rule:
    """A rule whose words may be the same wherever it holds."""
    if isinstance(say, str):
        words = say
        return Rule(re.compile(pattern, flags), lambda _found, _place: words)
    return Rule(re.compile(pattern, flags), say)


def _words(words: Iterable[str]) -> list[str]:
    return [word.strip(_EDGES).casefold() for word in words]
