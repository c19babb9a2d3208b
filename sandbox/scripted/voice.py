r"""A deterministic synthetic voice, paced by the script.

::

    "my name"      /‾‾‾‾\______/‾‾‾‾‾‾‾‾\______
                   2 * ms     40   4 * ms     40     (ms = ms_per_char / pace)

Each word is one vowel-like tone, as long as its letters and digits say, with 8 ms ramps; a dip of
``GAP_MS`` of silence follows it. A listener counts words by counting dips, and knows from the
length of a tone which word it was. The pitch (100-250 Hz) belongs to the speaker's name.
"""

import time
import zlib
from collections.abc import AsyncGenerator

import numpy as np

from sandbox.clock import Jitter, wait_until
from sandbox.ports import Samples, SpokenLine
from sandbox.script import TtsScript

GAP_MS = 40
"""Silence after every word."""
_RAMP_MS = 8
_LEVEL = 9000.0
_HARMONICS = ((1, 1.0), (2, 0.6), (3, 0.4), (5, 0.2))


class ScriptedVoice:
    def __init__(self, script: TtsScript, seed: int) -> None:
        self._script = script
        self._jitter = Jitter(script.jitter_ms, seed + 1)

    async def speak(self, line: SpokenLine) -> AsyncGenerator[Samples]:
        """The first chunk comes at ``first_byte_ms``, the rest at ``realtime_factor``."""
        started_s = time.monotonic() + self._script.first_byte_ms / 1000 + self._jitter.draw_s()
        audio = synthesise(line, self._script.ms_per_char)
        chunk = line.rate_hz * self._script.chunk_ms // 1000
        for start in range(0, audio.size, chunk):
            ready_s = start / line.rate_hz / self._script.realtime_factor
            await wait_until(started_s + ready_s)
            yield audio[start : start + chunk]


def synthesise(line: SpokenLine, ms_per_char: int) -> Samples:
    words = [_tone(word, line, ms_per_char) for word in line.text.split()]
    return np.concatenate(words) if words else np.zeros(0, np.int16)


def word_ms(word: str, ms_per_char: int, pace: float = 1.0) -> int:
    """How long a word's tone lasts, without the dip after it."""
    letters = sum(character.isalnum() for character in word)
    return int(max(1, letters) * ms_per_char / pace)


def _tone(word: str, line: SpokenLine, ms_per_char: int) -> Samples:
    size = line.rate_hz * word_ms(word, ms_per_char, line.pace) // 1000
    angle = np.arange(size) * (2 * np.pi * _pitch_hz(line) / line.rate_hz)
    wave = np.zeros(size)
    for harmonic, share in _HARMONICS:
        wave += share * np.sin(harmonic * angle)
    ramp = min(line.rate_hz * _RAMP_MS // 1000, size // 2)
    if ramp:
        wave[:ramp] *= np.linspace(0, 1, ramp)
        wave[-ramp:] *= np.linspace(1, 0, ramp)
    gap = np.zeros(line.rate_hz * GAP_MS // 1000)
    sound = np.concatenate((wave * (_LEVEL * line.loudness / 2.2), gap))
    return np.clip(sound, -32768, 32767).astype(np.int16)


def _pitch_hz(line: SpokenLine) -> float:
    own = 100 + zlib.crc32(line.speaker.encode()) % 150
    return float(own * 2**line.pitch)
