"""Whether the caller is done, as the answering model says it with its first token.

    "I want to"                 ──▶  "…"                      a sign: they have broken off
    "What are your hours?"      ──▶  "We open at nine."       an answer: they are done

A model that is asked for it answers with the sign, and nothing else, to whoever has broken off in
mid-thought. An answer is prepared before the turn is decided anyway, so that this costs nothing.
The sign is for us: it is never said, shown, recorded or remembered.
"""

from enum import Enum, auto

from core.unfinished import has_words, may_become_sign, opens_with_sign
from pipeline.words import same_words


class Verdict(Enum):
    """What the model says of a turn's words."""

    AWAITED = auto()
    """It was asked. No answer can be heard before its first token, so waiting costs nothing."""
    UNFINISHED = auto()
    DONE = auto()


class SignReader:
    """Push an answer's tokens, `end` it; what comes back is to be said. Pure.

    The sign is taken out of the answer's beginning, however it is written and cut: as three dots,
    in quotes, in pieces. `verdict` is None as long as what came may become either.
    """

    def __init__(self) -> None:
        self.verdict: Verdict | None = None
        self._held = ""

    def push(self, text: str) -> str:
        """Take more of it."""
        if self.verdict is Verdict.DONE:
            return text
        self._held += text
        if opens_with_sign(self._held):
            self.verdict = Verdict.UNFINISHED
        elif not may_become_sign(self._held):
            self.verdict = Verdict.DONE
            return self._taken()
        return ""

    def end(self) -> str:
        """There is no more: what cannot be told is an answer."""
        if self.verdict is not None:
            return ""
        self.verdict = Verdict.DONE
        return self._taken()

    @property
    def has_more(self) -> bool:
        """Whether words stand behind the sign."""
        return has_words(self._held)

    def _taken(self) -> str:
        held, self._held = self._held, ""
        return held


class Judgement:
    """What is known of one turn: the words that the model was asked about, and its verdict."""

    def __init__(self) -> None:
        self._text = ""
        self._verdict: Verdict | None = None
        self._is_overruled = False

    def ask(self, text: str) -> None:
        """The model is being asked; what it says of the same words it has said."""
        self._is_overruled = False
        if self._verdict is None or not same_words(text, self._text):
            self._text, self._verdict = text, Verdict.AWAITED

    def tell(self, text: str, verdict: Verdict) -> None:
        """The model says so of these words; of others than were asked about it means nothing."""
        if self._verdict is not None and same_words(text, self._text):
            self._verdict = verdict

    def overrule(self) -> bool:
        """Have an answer made to words that are unfinished, as it says; True the first time."""
        is_first = self._verdict is Verdict.UNFINISHED and not self._is_overruled
        self._is_overruled |= is_first
        return is_first

    def drop(self) -> None:
        """Nobody is asked any more; a verdict that came stands."""
        if self._verdict is Verdict.AWAITED:
            self._verdict = None

    def of(self, text: str) -> Verdict | None:
        """The verdict on these words, None where the model was not asked about them."""
        return self._verdict if same_words(text, self._text) else None
