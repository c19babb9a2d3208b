"""What a worker's sessions have learnt of a recogniser, for those to come: a small file for each.

Whoever ends last writes what it began with and what it saw since; of two at once one is lost. The
folder is one start of a worker's.
"""

import contextlib
import logging
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pipeline.foresight import MOST_GUESSES, Foresight, Odds
from pipeline.punctuation import MOST_STOPS, Punctuation
from pipeline.recogniser_habits import RecogniserHabits

log = logging.getLogger(__name__)

_MOST_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Habits:
    """In a folder, which is made when there is something to keep."""

    folder: Path

    def of(self, model: str, language: str) -> RecogniserHabits:
        """What is known of the model in the language; nothing where that cannot be read."""
        path = self._path(model, language)
        with contextlib.suppress(OSError, ValueError), path.open("rb") as file:
            return _read(file.read(_MOST_BYTES).decode("ascii"))
        return RecogniserHabits()

    def keep(self, model: str, language: str, habits: RecogniserHabits) -> None:
        """Leave it to the next session. What cannot be written is learnt anew."""
        path = self._path(model, language)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            draft.write_text(_written(habits), encoding="ascii")
            os.replace(draft, path)
        except OSError as exc:
            log.warning("habits.not_kept", extra={"error": type(exc).__name__})
            with contextlib.suppress(OSError):
                draft.unlink()

    def _path(self, model: str, language: str) -> Path:
        return self.folder / quote(f"{model} {language}", safe="")


def _written(habits: RecogniserHabits) -> str:
    punctuation, foresight = habits.punctuation, habits.foresight
    pairs = (
        (punctuation.n_stops, punctuation.n_empty),
        *((odds.n, odds.n_held) for odds in (foresight.stopped, foresight.bare)),
    )
    return " ".join(f"{whole} {part}" for whole, part in pairs) + "\n"


def _read(text: str) -> RecogniserHabits:
    """Raises ValueError."""
    numbers = list(map(int, text.split()))
    stops, stopped, bare = pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    for (whole, part), most in zip(pairs, (MOST_STOPS, MOST_GUESSES, MOST_GUESSES), strict=True):
        if not 0 <= part <= whole <= most:
            raise ValueError("counts that do not add up")
    return RecogniserHabits(Punctuation(*stops), Foresight(Odds(*stopped), Odds(*bare)))
