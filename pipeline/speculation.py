"""Which words of a turn are answered in advance, and how often: what is thrown away costs."""

from typing import Final

from pipeline.foresight import Foresight
from pipeline.words import same_words

EARLY_WORDS: Final = 3
"""Fewer words than these mostly go on: "yes", "I need"."""
EARLY_EVERY_S: Final = 2.0
"""Speech that earns one more early answer in a long turn."""
ANSWERS: Final = 8
ANSWER_EVERY_S: Final = 5.0
"""So many answers a turn may start altogether, and one more each time that it lasts so long."""


class Speculation:
    """Of one turn. `text` is what is being answered, empty for nothing; `early_answers` may be
    started while the caller still sounds. `foresight` learns from the turn."""

    def __init__(self, early_answers: int, foresight: Foresight) -> None:
        self.text = ""
        self._foresight = foresight
        self._guesses: list[str] = []
        self._early_answers = early_answers
        self._n_early = 0
        self._n_started = 0

    def is_for(self, text: str) -> bool:
        """Whether these words are being answered."""
        return same_words(text, self.text)

    def guess(self, text: str) -> bool:
        """The caller may have said all, and has not paused yet: whether such words mostly were."""
        if self._guesses[-1:] != [text]:
            self._guesses.append(text)
        return self._foresight.promises(text)

    def judge(self, said: str) -> None:
        """The turn is over: it shows which guesses held."""
        self._foresight.read(self._guesses, said)

    def may_start(self, *, lasted_s: float) -> bool:
        """Whether one more answer may be thrown away, in a turn that has lasted so long."""
        return self._n_started < ANSWERS + int(lasted_s / ANSWER_EVERY_S)

    def may_be_early(self, text: str, *, lasted_s: float) -> bool:
        """Whether words that are still being said may be answered."""
        earned = int(lasted_s / EARLY_EVERY_S)
        is_within = self._n_early < self._early_answers + earned
        return bool(self._early_answers) and is_within and len(text.split()) >= EARLY_WORDS

    def count_early(self) -> None:
        """One is started while the caller still sounds."""
        self._n_early += 1

    def start(self, text: str) -> None:
        """`text` is answered from now on."""
        self.text = text
        self._n_started += 1

    def drop(self) -> bool:
        """Nothing is answered; False where nothing was."""
        had_answer, self.text = bool(self.text), ""
        return had_answer
