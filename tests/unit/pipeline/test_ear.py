"""Silence counts from the last loud slice, and loudness is measured against the room."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.audio import CALLER_RATE_HZ, WINDOW_S, WINDOW_SAMPLES
from pipeline.ear import Ear, Window

Samples = NDArray[np.int16]


def noise(seconds: float, rms: float) -> Samples:
    n_samples = round(seconds * CALLER_RATE_HZ)
    return np.random.default_rng(1).normal(0, rms, n_samples).astype(np.int16)


def tone(seconds: float, rms: float = 3000) -> Samples:
    t = np.arange(round(seconds * CALLER_RATE_HZ)) / CALLER_RATE_HZ
    wave: Samples = (rms * np.sqrt(2) * np.sin(2 * np.pi * 440 * t)).astype(np.int16)
    return wave


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * CALLER_RATE_HZ), np.int16)


class Listening:
    """An ear and its clock."""

    def __init__(self) -> None:
        self._ear = Ear()
        self._at = 100.0

    def hear(self, *sounds: Samples, probability: float) -> list[Window]:
        """Whole windows of the sounds, one after the other."""
        samples = np.concatenate(sounds)
        windows = []
        for start in range(0, len(samples) - WINDOW_SAMPLES + 1, WINDOW_SAMPLES):
            self._at += WINDOW_S
            pcm = samples[start : start + WINDOW_SAMPLES].astype("<i2").tobytes()
            windows.append(self._ear.listen(pcm, probability=probability, at=self._at))
        return windows


def test_before_any_speech_silence_has_no_beginning() -> None:
    windows = Listening().hear(noise(1.0, 50), probability=0.02)
    assert all(window.silence_s == float("inf") for window in windows)


def test_speech_leaves_no_silence() -> None:
    listening = Listening()
    listening.hear(noise(1.0, 20), probability=0.02)
    windows = listening.hear(tone(0.64), probability=0.9)
    assert all(window.silence_s == 0 for window in windows)
    assert [window.voiced_run for window in windows] == list(range(1, 21))


@pytest.mark.parametrize("slices", [1, 2, 3])
def test_silence_counts_from_the_last_loud_slice_of_a_window(slices: int) -> None:
    listening = Listening()
    listening.hear(noise(1.0, 20), tone(0.32), probability=0.9)
    half = listening.hear(
        tone(slices * 0.008), silence(WINDOW_S - slices * 0.008), probability=0.9
    )[-1]
    assert half.silence_s == pytest.approx(WINDOW_S - slices * 0.008)
    assert half.last_loud_at == pytest.approx(half.at - half.silence_s)


def test_the_models_slow_decay_does_not_count_as_speech() -> None:
    listening = Listening()
    listening.hear(noise(1.0, 20), tone(0.32), probability=0.95)
    decay = [listening.hear(noise(WINDOW_S, 20), probability=p)[0] for p in (0.9, 0.6, 0.2)]
    assert [window.silence_s for window in decay] == pytest.approx(
        [WINDOW_S, 2 * WINDOW_S, 3 * WINDOW_S]
    )
    assert [window.is_quiet for window in decay] == [False, False, True]


def test_a_loud_sound_that_is_no_voice_does_not_end_the_silence() -> None:
    listening = Listening()
    listening.hear(noise(1.0, 20), tone(0.32), probability=0.9)
    banging = listening.hear(noise(0.64, 5000), probability=0.1)
    assert banging[-1].silence_s == pytest.approx(0.64)


def test_the_floor_follows_a_room_that_gets_louder() -> None:
    listening = Listening()
    listening.hear(noise(1.0, 20), tone(0.32), probability=0.9)
    listening.hear(noise(6.0, 300), probability=0.1)
    hum = listening.hear(noise(0.32, 300), probability=0.4)
    assert hum[-1].silence_s > 6


def test_speech_does_not_lift_the_floor_over_itself() -> None:
    listening = Listening()
    listening.hear(noise(1.0, 20), probability=0.02)
    windows = listening.hear(tone(20.0, rms=400), probability=0.9)
    assert windows[-1].silence_s == 0
    decay = listening.hear(noise(WINDOW_S, 20), probability=0.9)
    assert decay[0].silence_s == pytest.approx(WINDOW_S)


def test_an_echo_far_below_the_voice_counts_as_silence() -> None:
    listening = Listening()
    listening.hear(silence(1.0), tone(0.64, rms=8000), probability=0.9)
    echo = listening.hear(tone(0.064, rms=200), probability=0.4)
    assert echo[-1].silence_s == pytest.approx(0.064)


def test_a_quieter_voice_is_heard_again_after_a_loud_one() -> None:
    listening = Listening()
    listening.hear(silence(1.0), tone(0.64, rms=8000), probability=0.9)
    listening.hear(silence(3.0), probability=0.02)
    quiet = listening.hear(tone(0.32, rms=200), probability=0.9)
    assert quiet[-1].silence_s == 0


def test_a_voice_as_soft_as_the_room_is_speech_on_the_models_word() -> None:
    listening = Listening()
    listening.hear(noise(2.0, 100), probability=0.02)
    windows = listening.hear(noise(1.0, 180), probability=0.9)
    assert all(window.silence_s == 0 for window in windows[1:])
    after = listening.hear(noise(0.32, 100), probability=0.02)
    assert after[-1].silence_s == pytest.approx(0.32)


def test_the_very_first_sound_may_be_a_voice() -> None:
    windows = Listening().hear(tone(0.32, rms=90), probability=0.9)
    assert windows[0].silence_s == float("inf")
    assert all(window.silence_s == 0 for window in windows[1:])


def test_one_window_of_the_models_word_is_not_enough() -> None:
    listening = Listening()
    listening.hear(noise(2.0, 100), probability=0.02)
    assert listening.hear(noise(WINDOW_S, 180), probability=0.9)[-1].silence_s == float("inf")
