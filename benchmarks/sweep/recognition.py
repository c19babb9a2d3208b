"""The scripted recogniser in virtual time: its words, its latencies, its cadence of partials."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.clips import ClipRecord
from benchmarks.scenario import utterance_of
from sandbox.script import SttScript
from sandbox.scripted.punctuation import punctuate
from sandbox.scripted.recogniser import LEAST_VOICED_MS, PAUSE_MS
from sandbox.scripted.spoken import SpokenWords


@dataclass(frozen=True)
class Heard:
    """A transcript that arrives at `at`."""

    at: float
    text: str
    is_final: bool


class VirtualRecogniser:
    """Give it the voiced time of each window while an utterance is open, and how long it had been
    silent at the window's end; `due` is what arrives."""

    def __init__(self, record: ClipRecord, script: SttScript) -> None:
        self._spoken = SpokenWords(utterance_of(record))
        self._words = record.text.split()
        self._script = script
        self._is_open = False
        self._given = 0
        self._voiced_ms = 0
        self._since_cut_ms = 0
        self._silence_ms = 0
        self._next_guess_at = 0.0
        self._partial = ""
        self._coming: list[Heard] = []

    def begin(self, at: float, voiced_ms: int, silence_ms: int) -> None:
        """`voiced_ms`: of the pre-roll."""
        self._is_open = True
        self.hear(at, voiced_ms, silence_ms)

    def hear(self, at: float, voiced_ms: int, silence_ms: int) -> None:
        """One more window, which ended at `at`."""
        if not self._is_open:
            return
        if self._since_cut_ms == 0:
            self._next_guess_at = at + self._script.partial_interval_ms / 1000
        while self._since_cut_ms and self._next_guess_at <= at:
            self._guess(self._next_guess_at)
            self._next_guess_at += self._script.partial_interval_ms / 1000
        self._voiced_ms += voiced_ms
        self._since_cut_ms += voiced_ms
        self._silence_ms = silence_ms
        self._spoken.hear(at, self._voiced_ms, silence_ms)

    def settle(self, at: float) -> None:
        """A final of what is pending; none where nothing is."""
        self._coming = [heard for heard in self._coming if heard.is_final]
        self._partial = ""
        pending = self._pending()
        is_opened = self._given > 0 or self._since_cut_ms >= LEAST_VOICED_MS
        if not is_opened or not pending:
            return
        self._given += len(pending)
        self._since_cut_ms = 0
        text = punctuate(" ".join(pending), self._script.punctuation, is_pause=True)
        self._coming.append(Heard(at + self._script.latency_ms / 1000, text, is_final=True))

    def end(self, at: float) -> None:
        """Close the utterance, with a final of what is pending."""
        self.settle(at)
        self._is_open = False

    def due(self, until: float) -> Iterator[Heard]:
        """What arrives until then, in order."""
        self._coming.sort(key=lambda heard: heard.at)
        while self._coming and self._coming[0].at <= until:
            yield self._coming.pop(0)

    def _guess(self, at: float) -> None:
        is_pause = self._silence_ms >= PAUSE_MS
        words = " ".join(self._pending(at))
        text = punctuate(words, self._script.punctuation, is_pause=is_pause)
        if text and text != self._partial:
            self._partial = text
            due_at = at + self._script.partial_latency_ms / 1000
            self._coming.append(Heard(due_at, text, is_final=False))

    def _pending(self, by: float | None = None) -> list[str]:
        return self._words[self._given : self._spoken.count(by)]
