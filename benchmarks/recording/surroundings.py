"""Where callers are: noise around their voice, and a telephone line before it. All computed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from benchmarks.clips import RATE_HZ
from benchmarks.recording.room import Sound
from cli.caller.clip import Samples
from sandbox.g711 import decode_mulaw, encode_mulaw

NOISY_LEAD_S: Final = 1.0
"""A noise that starts with the speech would be heard as speech."""
_FADE_S: Final = 0.4
_TELEPHONE_HZ: Final = (300.0, 3400.0)


def hum(size: int, _: Sequence[Sound]) -> Sound:
    """A fan and the mains."""
    time_s = np.arange(size) / RATE_HZ
    mains = sum(np.sin(2 * np.pi * 50 * k * time_s + k) / k for k in (1, 2, 3, 5, 7))
    return np.asarray(mains + 0.8 * _coloured(size, seed=1, slope=-0.5), np.float64)


def street(size: int, _: Sequence[Sound]) -> Sound:
    """Low roar that swells as cars pass."""
    time_s = np.arange(size) / RATE_HZ
    swell = 1.0 + 0.7 * np.sin(2 * np.pi * 0.45 * time_s) + 0.3 * np.sin(2 * np.pi * 1.3 * time_s)
    return _coloured(size, seed=2, slope=-1.0) * swell


def babble(size: int, voices: Sequence[Sound]) -> Sound:
    """Other people, some of them backwards so that no word is understood."""
    mixed = np.zeros(size)
    for index, voice in enumerate(voices):
        turned = voice[::-1] if index % 2 else voice
        mixed += np.roll(np.resize(turned / np.std(turned), size), index * RATE_HZ // 3)
    return mixed


NOISES: Final[Mapping[str, Callable[[int, Sequence[Sound]], Sound]]] = {
    "babble": babble,
    "hum": hum,
    "street": street,
}


def in_noise(samples: Samples, noise: Sound, *, speech: slice, snr_db: float) -> Samples:
    """The clip with noise so loud; it fades in and out with the clip."""
    voice = samples.astype(np.float64)
    power = float(np.mean(voice[speech] ** 2)) / 10 ** (snr_db / 10)
    level = noise * np.sqrt(power / float(np.mean(noise**2)))
    ramp = np.minimum(1.0, np.arange(len(samples)) / (_FADE_S * RATE_HZ))
    mixed = voice + level * ramp * ramp[::-1]
    return np.asarray(np.clip(mixed, -32768, 32767), np.int16)


def by_telephone(samples: Samples) -> Samples:
    """300 to 3400 Hz, 8 kHz, mu-law."""
    spectrum = np.fft.rfft(samples.astype(np.float64))
    hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    low, high = _TELEPHONE_HZ
    narrow = np.fft.irfft(spectrum * ((hz >= low) & (hz <= high)), len(samples))
    line = decode_mulaw(encode_mulaw(np.asarray(narrow[::2].round(), np.int16)))
    doubled = np.interp(np.arange(len(samples)) / 2, np.arange(len(line)), line)
    return np.asarray(doubled, np.int16)


def _coloured(size: int, *, seed: int, slope: float) -> Sound:
    """Noise whose amplitude falls with frequency to the power of `slope`, unit deviation."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(0.0, 1.0, size))
    hz = np.fft.rfftfreq(size, 1 / RATE_HZ)
    shaped = np.fft.irfft(spectrum * np.maximum(hz, 40.0) ** slope, size)
    return np.asarray(shaped / np.std(shaped), np.float64)
