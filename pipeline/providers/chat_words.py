"""The words of an answer, kept back while they may be a thought that nothing marks as one.

"The user asks for…"  kept ── "</think>" ──▶ dropped
                           └─ the end ─────▶ said
"We open at…"         said ── "</think>" ──▶ withdrawn
"""

from typing import Final

from pipeline.ports import Withdrawn

_OPENINGS: Final = ("", "okay, ", "ok, ", "hmm, ", "alright, ", "so ", "okay, so ", "first, ")
_MUSINGS: Final = (
    *(f"{one}the {who}" for one in _OPENINGS for who in ("user ", "user's ", "caller ")),
    "i need to respond",
    "i should respond",
    "let me think",
    "let me analyze",
    "the question is",
    "the query ",
)
"""How models begin to think in what should be the answer: who answers a caller says "you"."""


class Words:
    """Say what comes, and `end` it. `muses` while all is kept back."""

    def __init__(self, *, opens_in_thought: bool) -> None:
        self.muses = opens_in_thought
        self.thought_aloud = False
        self._kept = ""
        self._is_opening = True
        self._has_said = False

    def say(self, text: str) -> list[str | Withdrawn]:
        """More words; what may be said of all."""
        self._kept += text
        if self._is_opening and not self.muses:
            begun = self._kept.lstrip().casefold()
            if any(one.startswith(begun) for one in _MUSINGS):
                return []
            self.muses = begun.startswith(_MUSINGS)
            self._is_opening = False
        return [] if self.muses else self._all()

    def end_thought(self) -> list[str | Withdrawn]:
        """All before was a thought, whoever took it for words."""
        self.thought_aloud |= self._has_said or bool(self._kept.strip())
        void: list[str | Withdrawn] = [Withdrawn()] if self._has_said else []
        self._kept = ""
        self.muses = self._has_said = self._is_opening = False
        return void

    def end(self, *, is_calling: bool) -> list[str | Withdrawn]:
        """No more comes. Beside a call, what was kept is a thought all the same."""
        if self.muses and is_calling:
            self._kept = ""
        self.muses = self._is_opening = False
        return self._all()

    def _all(self) -> list[str | Withdrawn]:
        text, self._kept = self._kept, ""
        self._has_said |= bool(text.strip())
        return [text] if text else []
