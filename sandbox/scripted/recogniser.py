"""Recognition by script: utterance k of a connection yields entry k, in a cycle."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from sandbox.clock import Jitter, wait_until
from sandbox.ports import Samples, Transcriber, Transcript
from sandbox.script import SttScript, Utterance
from sandbox.scripted.chances import Chances, mishear
from sandbox.scripted.punctuation import punctuate
from sandbox.scripted.spoken import SpokenWords

LEAST_VOICED_MS = 80
"""Less than this is a click: it opens no entry."""
_SPILL = 0.15
"""Share of ``speech_ms`` by which a codec may lengthen an entry's sound: after its last word, as
much more of the utterance's sound is still its own."""
PAUSE_MS = 200
"""A partial after so much silence is one at a pause."""
_SOUND_IS_OVER_AT = 0.5
"""Share of a sound without words at which the end of its utterance is its end."""
_SOUND_IS_PAST_AT = 1.5
"""Share at which it was not this sound that was heard, but what comes after it."""
_DETECTED_CONFIDENCE = 0.98


@dataclass(frozen=True)
class Place:
    """In the script: the entry, how many of its words were given, and what was heard of it."""

    index: int = 0
    given: int = 0
    voiced_ms: int = 0
    spill_ms: int = 0


class ScriptedRecogniser:
    """Remembers how far the script was told: where it ``resumes``, the next connection goes on."""

    def __init__(self, script: SttScript, seed: int) -> None:
        self._script = script
        jitter = Jitter(script.jitter_ms, seed)
        self._chances = Chances(jitter, seed, script.revised_percent)
        self._told = Place()

    def open(self, language: str, rate_hz: int) -> Transcriber:
        place = self._told if self._script.resumes else Place()
        return ScriptedTranscriber(self._script, self._chances, language, place, self._tell)

    def _tell(self, place: Place) -> None:
        self._told = place


class ScriptedTranscriber:
    """Keeps its place in the script; ``tell`` hears of it when a final is delivered."""

    def __init__(
        self,
        script: SttScript,
        chances: Chances,
        language: str,
        place: Place,
        tell: Callable[[Place], None],
    ) -> None:
        self._script = script
        self._chances = chances
        self._language = language
        self._index = place.index
        self._given = place.given
        self._voiced_ms = place.voiced_ms
        self._spill_ms = place.spill_ms
        self._tell = tell
        self._words = SpokenWords(self._entry(), place.given)
        self._revised: set[tuple[int, int]] = set()
        self._silence_ms = 0
        self._voiced_since_cut_ms = 0
        self._opened_at_s = time.monotonic()

    def hear(self, samples: Samples, voiced_ms: int, silence_ms: int) -> None:
        if self._voiced_since_cut_ms == 0:
            self._opened_at_s = time.monotonic()
        self._voiced_ms += voiced_ms
        self._voiced_since_cut_ms += voiced_ms
        self._silence_ms = silence_ms
        if self._is_at_sound(_SOUND_IS_PAST_AT):
            self._go_on()  # it never came: all of this is the next entry's
        self._words.hear(time.monotonic(), self._voiced_ms - self._spill_ms, silence_ms)

    def has_pending(self) -> bool:
        is_opened = self._given > 0 or self._voiced_since_cut_ms >= LEAST_VOICED_MS
        if not self._script.utterances or not is_opened:
            return False
        entry = self._entry()
        return entry.speech_ms is None or bool(self._pending_words(entry))

    def cut(self) -> Callable[[], Awaitable[Transcript]]:
        entry = self._entry()
        words = entry.text.split()
        habit = self._script.punctuation
        if entry.speech_ms is None:
            text, is_finished = punctuate(entry.text, habit, is_pause=True), True
        else:
            pending = self._pending_words(entry)
            self._given += len(pending)
            text = punctuate(" ".join(pending), habit, is_pause=True)
            is_finished = self._given >= len(words)
        if is_finished:
            # Sound of this entry that is still to come must not reveal words of the next one.
            self._voiced_ms = min(0, self._voiced_ms - (entry.speech_ms or 0))
            self._spill_ms = int(_SPILL * (entry.speech_ms or 0))
            self._go_on()
        self._voiced_since_cut_ms = 0
        place = Place(self._index, self._given, self._voiced_ms, self._spill_ms)
        return partial(self._deliver, self._transcript(text, entry), self._due_s(), place)

    def end_utterance(self) -> None:
        if self._is_at_sound(_SOUND_IS_OVER_AT):
            self._go_on()
            self._voiced_ms = 0
        self._voiced_ms = self._voiced_ms if self._voiced_ms > self._spill_ms else 0
        self._spill_ms = 0
        self._voiced_since_cut_ms = 0

    def _is_at_sound(self, share: float) -> bool:
        """Whether this entry holds no words and at least that share of its sound was heard."""
        if not self._script.utterances:
            return False
        entry = self._entry()
        is_sound = entry.speech_ms is not None and not entry.text.split()
        own_ms = self._voiced_ms - self._spill_ms
        return is_sound and own_ms >= share * (entry.speech_ms or 0)

    async def next_partial(self) -> str:
        interval_s = self._script.partial_interval_ms / 1000
        elapsed = (time.monotonic() - self._opened_at_s) // interval_s
        await wait_until(self._opened_at_s + (elapsed + 1) * interval_s)
        told_at_s = time.monotonic()
        await asyncio.sleep(self._script.partial_latency_ms / 1000 + self._chances.jitter.draw_s())
        return self._partial_text(told_at_s)

    def close(self) -> None:
        """Nothing is held."""

    def _entry(self) -> Utterance:
        entries = self._script.utterances
        return entries[self._index % len(entries)] if entries else Utterance("")

    def _go_on(self) -> None:
        """To the next entry."""
        self._index += 1
        self._given = 0
        self._words = SpokenWords(self._entry())

    def _pending_words(self, entry: Utterance, by: float | None = None) -> list[str]:
        return entry.text.split()[self._given : self._words.count(by)]

    def _partial_text(self, by: float) -> str:
        """What was spoken by then."""
        if not self.has_pending() or not self._script.partials:
            return ""
        words = self._pending_words(self._entry(), by)
        last = (self._index, self._given + len(words) - 1)
        if words and last not in self._revised and self._chances.is_misheard(*last):
            self._revised.add(last)
            words[-1] = mishear(words[-1])
        is_pause = self._silence_ms >= PAUSE_MS
        return punctuate(" ".join(words), self._script.punctuation, is_pause=is_pause)

    def _transcript(self, text: str, entry: Utterance) -> Transcript:
        if self._language in ("unknown", "auto"):
            return Transcript(text, entry.language or "en-IN", _DETECTED_CONFIDENCE)
        return Transcript(text, entry.language or self._language)

    async def _deliver(self, transcript: Transcript, due_s: float, place: Place) -> Transcript:
        await wait_until(due_s)
        self._tell(place)
        return transcript

    def _due_s(self) -> float:
        return time.monotonic() + self._script.latency_ms / 1000 + self._chances.jitter.draw_s()
