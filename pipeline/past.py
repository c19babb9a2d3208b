"""Utterances whose turn is over, and what a final means that still comes of one.

the words that were taken        nothing, also in another form
words beyond them                they open a turn of their own
others than were guessed         the answer is to a misheard question
any, where typed words replaced  nothing
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.transcript import Transcript
from pipeline.words import same_words, words_beyond

REMEMBERED: Final = 4
"""Utterances. Older finals are those of a recogniser that has hung for a minute."""


@dataclass(slots=True)
class PastUtterance:
    """`finals` and then a `guess` were taken for its words; no final stands for the guess as yet.

    `is_awaited`: a final of it was on its way. `is_answered`: there is a reply to it. `is_void`:
    its words do not count.
    """

    number: int
    finals: Sequence[str]
    guess: str
    is_awaited: bool
    is_answered: bool
    is_void: bool = False

    def repeats(self, text: str) -> bool:
        """Whether just these words were taken already."""
        taken = (*self.finals, self.guess, self._whole)
        return any(same_words(text, one) for one in taken if one)

    def beyond(self, text: str) -> str | None:
        """The words of `text` after those that it repeats, None where it repeats none."""
        taken = (self.guess, self._whole) if self.guess else (*self.finals, self._whole)
        found = (words_beyond(text, one) for one in reversed(taken) if one)
        return next(filter(None, found), None)

    @property
    def _whole(self) -> str:
        return " ".join(filter(None, (*self.finals, self.guess)))


class Past:
    """The latest of them, by their numbers."""

    def __init__(self) -> None:
        self._utterances: dict[int, PastUtterance] = {}

    def keep(self, utterance: PastUtterance) -> None:
        """Remember one, together with what was taken of it before."""
        before = self._utterances.pop(utterance.number, None)
        if before is not None:
            utterance.finals = (*before.finals, *filter(None, [before.guess]), *utterance.finals)
        self._utterances[utterance.number] = utterance
        while len(self._utterances) > REMEMBERED:
            del self._utterances[min(self._utterances)]

    def of(self, number: int) -> PastUtterance | None:
        """The utterance of that number."""
        return self._utterances.get(number)

    def owner_of(self, text: str, present: Transcript | None) -> PastUtterance | None:
        """Whose final `text` is where the provider cannot tell; None for the `present` utterance,
        if there is one."""
        latest = next(reversed(self._utterances.values()), None)
        if latest is None or present is None:
            return latest
        return latest if _is_late(text, latest, present) else None


def _is_late(text: str, past: PastUtterance, present: Transcript) -> bool:
    """Whether a final is rather one of the utterance before than of the present one."""
    if present.partial and same_words(text, present.partial):
        return False
    if not present.n_awaited:
        return past.is_awaited or past.repeats(text)
    return past.repeats(text) and bool(present.partial or past.is_awaited)


@dataclass(frozen=True, slots=True)
class Late:
    """What a late final says: words `beyond` those that were taken, or others in the place of what
    was `guessed`; neither where it says nothing new."""

    beyond: str = ""
    guessed: str = ""


def read_late(past: PastUtterance, text: str) -> Late:
    """What the final means; the utterance takes it in."""
    past.is_awaited = False
    if past.is_void or not text or past.repeats(text):
        return Late()
    beyond = past.beyond(text)
    guess, past.guess = past.guess, ""
    past.finals = (*past.finals, text)
    if beyond is not None:
        return Late(beyond=beyond)
    return Late(guessed=guess) if guess and past.is_answered else Late(beyond=text)
