"""Recognition by Whisper tiny.en: English, whatever language is asked for."""

import time
from collections.abc import Awaitable, Callable
from functools import partial

import numpy as np

from sandbox.clock import wait_until
from sandbox.engines.decoder import RATE_HZ, Decoder, Priority, Sound
from sandbox.pcm import resample
from sandbox.ports import Samples, Transcriber, Transcript

_LEAST_VOICED_MS = 120
"""Less is a click or a breath: the model would invent words for it."""
_PARTIAL_EVERY_S = 0.4
_MOST_S = 120
"""Of one utterance; what came before is forgotten."""
_UNSURE = 0.5


class WhisperRecogniser:
    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder

    def open(self, language: str, rate_hz: int) -> Transcriber:
        return WhisperTranscriber(self._decoder, language, rate_hz)


class WhisperTranscriber:
    """Keeps the sound since the last cut; at most one partial is being decoded at a time."""

    def __init__(self, decoder: Decoder, language: str, rate_hz: int) -> None:
        self._decoder = decoder
        self._rate_hz = rate_hz
        is_open = language in ("unknown", "auto")
        self._language = "en-IN" if is_open else language
        self._confidence = _UNSURE if is_open else None
        self._forget()

    def _forget(self) -> None:
        self._parts: list[Sound] = []
        self._size = 0
        self._voiced_ms = 0
        self._decoded_voiced_ms = 0
        self._partial_at_s = time.monotonic() + _PARTIAL_EVERY_S

    def hear(self, samples: Samples, voiced_ms: int, silence_ms: int) -> None:
        sound = resample(samples, self._rate_hz, RATE_HZ).astype(np.float32) / 32768.0
        self._parts.append(sound)
        self._size += sound.size
        self._voiced_ms += voiced_ms
        while self._size > _MOST_S * RATE_HZ:
            self._size -= self._parts.pop(0).size

    def has_pending(self) -> bool:
        return self._voiced_ms >= _LEAST_VOICED_MS

    def cut(self) -> Callable[[], Awaitable[Transcript]]:
        sound = self._sound()
        self._forget()
        return partial(self._recognise, sound)

    def end_utterance(self) -> None:
        """A click that was no speech must not lead the next utterance."""
        self._forget()

    async def next_partial(self) -> str:
        while True:
            await wait_until(self._partial_at_s)
            self._partial_at_s = time.monotonic() + _PARTIAL_EVERY_S
            if self.has_pending() and self._voiced_ms > self._decoded_voiced_ms:
                break
        self._decoded_voiced_ms = self._voiced_ms
        return await self._decoder.decode(self._sound(), Priority.PARTIAL)

    def close(self) -> None:
        self._forget()

    async def _recognise(self, sound: Sound) -> Transcript:
        text = await self._decoder.decode(sound, Priority.FINAL)
        return Transcript(text, self._language, self._confidence)

    def _sound(self) -> Sound:
        return np.concatenate(self._parts) if self._parts else np.zeros(0, np.float32)
