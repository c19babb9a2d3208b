"""Recognition by script: utterance k of a connection yields entry k, in a cycle."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from sandbox.clock import Jitter, wait_until
from sandbox.ports import Samples, Transcriber, Transcript
from sandbox.script import SttScript, Utterance

_LEAST_VOICED_MS = 80
"""Less than this is a click: it opens no entry."""
_ALL_WORDS_AT = 0.9
"""Share of ``speech_ms`` heard at which all words are out: transports trim clip edges."""
_SPILL = 0.15
"""Share of ``speech_ms`` by which a codec may lengthen an entry's sound: after its last word, as
much more of the utterance's sound is still its own."""
_VOICED_MS_A_WORD = 300
"""Pace of partials where the entry names no ``speech_ms``."""
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
        self._jitter = Jitter(script.jitter_ms, seed)
        self._told = Place()

    def open(self, language: str, rate_hz: int) -> Transcriber:
        place = self._told if self._script.resumes else Place()
        return ScriptedTranscriber(self._script, self._jitter, language, place, self._tell)

    def _tell(self, place: Place) -> None:
        self._told = place


class ScriptedTranscriber:
    """Keeps its place in the script; ``tell`` hears of it when a final is delivered."""

    def __init__(
        self,
        script: SttScript,
        jitter: Jitter,
        language: str,
        place: Place,
        tell: Callable[[Place], None],
    ) -> None:
        self._script = script
        self._jitter = jitter
        self._language = language
        self._index = place.index
        self._given = place.given
        self._voiced_ms = place.voiced_ms
        self._spill_ms = place.spill_ms
        self._tell = tell
        self._voiced_since_cut_ms = 0
        self._opened_at_s = time.monotonic()

    def hear(self, samples: Samples, voiced_ms: int) -> None:
        if self._voiced_since_cut_ms == 0:
            self._opened_at_s = time.monotonic()
        self._voiced_ms += voiced_ms
        self._voiced_since_cut_ms += voiced_ms
        if self._is_at_sound(_SOUND_IS_PAST_AT):
            self._index += 1  # it never came: all of this is the next entry's

    def has_pending(self) -> bool:
        if not self._script.utterances or self._voiced_since_cut_ms < _LEAST_VOICED_MS:
            return False
        entry = self._entry()
        return entry.speech_ms is None or bool(self._pending_words(entry))

    def cut(self) -> Callable[[], Awaitable[Transcript]]:
        entry = self._entry()
        words = entry.text.split()
        if entry.speech_ms is None:
            text, is_finished = entry.text, True
        else:
            pending = self._pending_words(entry)
            self._given += len(pending)
            text, is_finished = " ".join(pending), self._given >= len(words)
        if is_finished:
            # Sound of this entry that is still to come must not reveal words of the next one.
            self._voiced_ms = min(0, self._voiced_ms - (entry.speech_ms or 0))
            self._spill_ms = int(_SPILL * (entry.speech_ms or 0))
            self._index += 1
            self._given = 0
        self._voiced_since_cut_ms = 0
        place = Place(self._index, self._given, self._voiced_ms, self._spill_ms)
        return partial(self._deliver, self._transcript(text, entry), self._due_s(), place)

    def end_utterance(self) -> None:
        if self._is_at_sound(_SOUND_IS_OVER_AT):
            self._index += 1
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
        text = self._partial_text()
        await asyncio.sleep(self._script.partial_latency_ms / 1000 + self._jitter.draw_s())
        return text

    def close(self) -> None:
        """Nothing is held."""

    def _entry(self) -> Utterance:
        return self._script.utterances[self._index % len(self._script.utterances)]

    def _pending_words(self, entry: Utterance) -> list[str]:
        words = entry.text.split()
        return words[self._given : count_said(entry, self._voiced_ms - self._spill_ms)]

    def _partial_text(self) -> str:
        if not self.has_pending() or not self._script.partials:
            return ""
        return " ".join(self._pending_words(self._entry()))

    def _transcript(self, text: str, entry: Utterance) -> Transcript:
        if self._language in ("unknown", "auto"):
            return Transcript(text, entry.language or "en-IN", _DETECTED_CONFIDENCE)
        return Transcript(text, entry.language or self._language)

    async def _deliver(self, transcript: Transcript, due_s: float, place: Place) -> Transcript:
        await wait_until(due_s)
        self._tell(place)
        return transcript

    def _due_s(self) -> float:
        return time.monotonic() + self._script.latency_ms / 1000 + self._jitter.draw_s()


def count_said(entry: Utterance, voiced_ms: int) -> int:
    """How many words of an entry were said after ``voiced_ms`` of it, stretch by stretch."""
    words = len(entry.text.split())
    if entry.speech_ms is None:
        return count_revealed(words, voiced_ms, None)
    said, before_ms = 0, 0
    ends = [(pause.words, pause.speech_ms) for pause in entry.pauses]
    for end, end_ms in (*ends, (words, entry.speech_ms)):
        now_said = count_revealed(end - said, voiced_ms - before_ms, end_ms - before_ms)
        if now_said < end - said:
            return said + now_said
        said, before_ms = end, end_ms
    return said


def count_revealed(words: int, voiced_ms: int, speech_ms: int | None) -> int:
    """How many words of an entry were said after ``voiced_ms`` of its speech."""
    voiced_ms = max(0, voiced_ms)
    if speech_ms is None:
        return min(words, voiced_ms // _VOICED_MS_A_WORD)
    share = voiced_ms / speech_ms
    return words if share >= _ALL_WORDS_AT else min(words, int(share * words + 0.5))
