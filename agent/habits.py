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

from pipeline.punctuation import MOST_STOPS, Punctuation

log = logging.getLogger(__name__)

_MOST_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Habits:
    """In a folder, which is made when there is something to keep."""

    folder: Path

    def punctuation(self, model: str, language: str) -> Punctuation:
        """What is known of the model's full stops in the language; nothing where that cannot be
        read."""
        with contextlib.suppress(OSError, ValueError):
            with self._path(model, language).open("rb") as file:
                n_stops, n_empty = map(int, file.read(_MOST_BYTES).split())
            if 0 <= n_empty <= n_stops <= MOST_STOPS:
                return Punctuation(n_stops, n_empty)
        return Punctuation()

    def keep(self, model: str, language: str, punctuation: Punctuation) -> None:
        """Leave it to the next session. What cannot be written is learnt anew."""
        path = self._path(model, language)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            draft.write_text(f"{punctuation.n_stops} {punctuation.n_empty}\n", encoding="ascii")
            os.replace(draft, path)
        except OSError as exc:
            log.warning("habits.not_kept", extra={"error": type(exc).__name__})
            with contextlib.suppress(OSError):
                draft.unlink()

    def _path(self, model: str, language: str) -> Path:
        return self.folder / quote(f"{model} {language}", safe="")
