"""Sounds without words, computed: no recording of a cough is needed, nor its licence."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from benchmarks.clips import RATE_HZ
from benchmarks.recording.room import Sound

_VOWEL_HZ: Final = ((700.0, 90.0), (1200.0, 110.0), (2600.0, 160.0))
"""Formants of an open vowel, and their widths."""


def cough() -> Sound:
    """Two bursts of low, decaying noise: loud and wordless."""
    time_s = np.arange(int(0.22 * RATE_HZ)) / RATE_HZ
    noise = np.random.default_rng(7).normal(0.0, 1.0, len(time_s))
    smooth = np.convolve(noise, np.hanning(9), mode="same")
    burst = smooth * np.exp(-time_s / 0.06) * np.minimum(1.0, time_s / 0.004)
    return np.concatenate((burst, np.zeros(int(0.12 * RATE_HZ)), 0.7 * burst))


def cough_single() -> Sound:
    """One sharp burst through an open throat."""
    return _burst(0.28, decay_s=0.05, seed=1)


def cough_voiced() -> Sound:
    """A burst that ends in a groan, as coughs of the chest do."""
    tail = _resonated(_glottis(0.22, 150.0, 95.0), _VOWEL_HZ) * np.linspace(1.0, 0.0, _n(0.22))
    return np.concatenate((_burst(0.14, decay_s=0.06, seed=2), 0.5 * _unit(tail)))


def cough_fit() -> Sound:
    """Four coughs, quicker and weaker."""
    parts: list[Sound] = []
    for index, gap_s in enumerate((0.16, 0.2, 0.26, 0.0)):
        parts += [(1.0 - 0.18 * index) * _burst(0.2, decay_s=0.05, seed=10 + index)]
        parts += [np.zeros(_n(gap_s))]
    return np.concatenate(parts)


def throat() -> Sound:
    """Two rough, low, pulsed "hrm"s."""
    rough = np.random.default_rng(4).normal(0.0, 0.6, _n(0.26))
    hum = _glottis(0.26, 75.0, 70.0) + rough * (np.sin(2 * np.pi * 38 * _time(0.26)) > 0)
    shaped = _unit(_resonated(hum, ((320.0, 90.0), (900.0, 200.0)))) * np.hanning(_n(0.26)) ** 0.5
    return np.concatenate((shaped, np.zeros(_n(0.09)), 0.8 * shaped))


def knock() -> Sound:
    """Three knocks on a wooden door."""
    ring = sum(
        np.exp(-_time(0.12) / decay_s) * np.sin(2 * np.pi * hz * _time(0.12))
        for hz, decay_s in ((180.0, 0.03), (410.0, 0.018), (980.0, 0.008))
    )
    parts = [np.concatenate((np.asarray(ring), np.zeros(_n(0.08)))) for _ in range(3)]
    return np.concatenate(parts)


def click() -> Sound:
    """A pen, or a key: two clicks of a few milliseconds, loud enough to be sound."""
    tick = np.random.default_rng(5).normal(0.0, 1.0, _n(0.05)) * np.exp(-_time(0.05) / 0.012)
    return np.concatenate((tick, np.zeros(_n(0.11)), 0.8 * tick))


def laugh() -> Sound:
    """Five "ha"s: breath, then a voiced vowel, each lower than the one before."""
    parts: list[Sound] = []
    for index in range(5):
        hz = 190.0 - 12.0 * index
        breath = np.random.default_rng(20 + index).normal(0.0, 0.12, _n(0.05))
        vowel = _unit(_resonated(_glottis(0.11, hz * 1.08, hz), _VOWEL_HZ)) * np.hanning(_n(0.11))
        parts += [np.concatenate((breath, vowel)) * (1.0 - 0.12 * index), np.zeros(_n(0.03))]
    return np.concatenate(parts)


def marker() -> Sound:
    """A vowel-like tone of 300 ms with edges of one sample: an onset without a doubt."""
    time_s = np.arange(int(0.3 * RATE_HZ)) / RATE_HZ
    tones = [np.cos(2 * np.pi * 140 * k * time_s) / k for k in range(1, 15)]
    return np.asarray(np.sum(tones, axis=0), np.float64)


COMPUTED: Final[Mapping[str, tuple[str, Callable[[], Sound], tuple[str, ...]]]] = {
    "cough": ("cough", cough, ()),
    "marker": ("marker", marker, ()),
    "cough_single": ("cough", cough_single, ()),
    "cough_voiced": ("cough", cough_voiced, ()),
    "cough_fit": ("cough", cough_fit, ()),
    "cough_throat": ("cough", throat, ("throat",)),
    "noise_knock": ("noise", knock, ("knock",)),
    "noise_click": ("noise", click, ("click",)),
    "noise_laugh": ("noise", laugh, ("laugh",)),
}
"""Clip name → its kind, how it is computed, its tags."""


def _n(seconds: float) -> int:
    return int(seconds * RATE_HZ)


def _time(seconds: float) -> Sound:
    return np.arange(_n(seconds)) / RATE_HZ


def _unit(sound: Sound) -> Sound:
    return np.asarray(sound / np.abs(sound).max(), np.float64)


def _burst(seconds: float, *, decay_s: float, seed: int) -> Sound:
    """Noise that a throat colours, with the edge of a glottis that springs open."""
    noise = np.random.default_rng(seed).normal(0.0, 1.0, _n(seconds))
    shaped = _resonated(noise, ((500.0, 250.0), (1500.0, 500.0), (2800.0, 700.0)))
    time_s = _time(seconds)
    return _unit(shaped * np.exp(-time_s / decay_s) * np.minimum(1.0, time_s / 0.003))


def _glottis(seconds: float, from_hz: float, to_hz: float) -> Sound:
    """Pulses of a voice whose pitch glides."""
    phase = np.cumsum(np.linspace(from_hz, to_hz, _n(seconds))) / RATE_HZ
    return np.asarray(np.clip(np.sin(2 * np.pi * phase), 0.3, 1.0) - 0.3, np.float64)


def _resonated(sound: Sound, formants_hz: tuple[tuple[float, float], ...]) -> Sound:
    """Through resonances (frequency, width), by spectrum."""
    spectrum = np.fft.rfft(sound)
    hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    gain = sum(1.0 / (1.0 + ((hz - at) / width) ** 2) for at, width in formants_hz)
    return np.asarray(np.fft.irfft(spectrum * gain, len(sound)), np.float64)
