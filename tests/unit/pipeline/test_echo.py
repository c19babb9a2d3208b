"""The agent's own sound, back from a loudspeaker, is told from the caller's voice."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.audio import AGENT_RATE_HZ, CALLER_RATE_HZ, WINDOW_S, WINDOW_SAMPLES
from pipeline.echo import UNSURE_S, EchoGuard

BEGAN_AT = 500.0
PUSH_S = 0.1


def speech(seconds: float, rate_hz: int, seed: int, level: float = 6000.0) -> NDArray[np.float64]:
    """Noise in syllables of random length and loudness, the same at each rate."""
    dice = np.random.default_rng(seed)
    loudness: list[float] = []
    while len(loudness) < seconds * 100:
        loudness += [dice.uniform(0.3, 1.0)] * int(dice.integers(8, 25))
        loudness += [0.0] * int(dice.integers(3, 12))
    envelope = np.repeat(loudness, rate_hz // 100)[: int(seconds * rate_hz)]
    return level * envelope * np.random.default_rng(1).normal(0, 1, len(envelope))


def as_pcm(sound: NDArray[np.float64]) -> bytes:
    return np.asarray(np.clip(sound, -32768, 32767), "<i2").tobytes()


class Room:
    """Plays the agent's speech, a moment ahead, while the caller's windows come in."""

    def __init__(self, seconds: float = 6.0) -> None:
        self.guard = EchoGuard()
        self.at_microphone = speech(seconds, CALLER_RATE_HZ, seed=3)
        sound, size = speech(seconds, AGENT_RATE_HZ, seed=3), round(AGENT_RATE_HZ * PUSH_S)
        self._pushes = iter([sound[at : at + size] for at in range(0, len(sound), size)])
        self._n_pushed = 0

    def hear(self, sound: NDArray[np.float64]) -> list[bool]:
        """Which windows the guard explains."""
        noise = np.random.default_rng(2).normal(0, 20, len(sound))
        windows = np.array_split(sound + noise, len(sound) // WINDOW_SAMPLES)
        return [self._hear(as_pcm(one), number) for number, one in enumerate(windows)]

    def _hear(self, pcm: bytes, number: int) -> bool:
        at = BEGAN_AT + (number + 1) * WINDOW_S
        while BEGAN_AT + self._n_pushed * PUSH_S < at + PUSH_S:
            if (push := next(self._pushes, None)) is None:
                break
            self.guard.played(as_pcm(push), BEGAN_AT + self._n_pushed * PUSH_S)
            self._n_pushed += 1
        return self.guard.explains(pcm[: 2 * WINDOW_SAMPLES], at)


def echo(sound: NDArray[np.float64], *, after_s: float, gain: float) -> NDArray[np.float64]:
    n_late = int(after_s * CALLER_RATE_HZ)
    late = np.concatenate((np.zeros(n_late), sound))[: len(sound)]
    return np.asarray(gain * late, np.float64)


def refuse(*_: object) -> None:
    raise AssertionError("compared")


def of_loud(sound: NDArray[np.float64], explained: list[bool]) -> list[bool]:
    windows = np.array_split(sound, len(explained))
    return [is_ours for one, is_ours in zip(windows, explained, strict=True) if np.std(one) > 300]


def test_an_echo_is_explained_from_its_first_window_on() -> None:
    for after_s, gain in ((0.15, 0.5), (0.3, 0.2), (0.6, 0.3)):
        room = Room()
        heard = echo(room.at_microphone, after_s=after_s, gain=gain)
        explained = of_loud(heard, room.hear(heard))
        assert sum(explained) >= 0.97 * len(explained), (after_s, gain)


def test_a_caller_who_talks_over_their_echo_is_heard() -> None:
    room = Room()
    heard = echo(room.at_microphone, after_s=0.2, gain=0.2)
    caller = np.zeros(len(heard))
    caller[4 * CALLER_RATE_HZ : 5 * CALLER_RATE_HZ] = speech(1.0, CALLER_RATE_HZ, seed=9)
    explained = room.hear(heard + caller)
    assert not all(explained[round(4.0 / WINDOW_S) : round(4.2 / WINDOW_S)])


def test_another_voice_is_never_taken_for_an_echo() -> None:
    for seed in range(20, 40):
        room = Room()
        explained = room.hear(speech(6.0, CALLER_RATE_HZ, seed=seed))
        assert not any(explained[round((UNSURE_S + 0.5) / WINDOW_S) :]), seed


def test_without_an_echo_the_caller_is_doubted_for_a_moment_only() -> None:
    room = Room()
    explained = room.hear(speech(2.0, CALLER_RATE_HZ, seed=7))
    assert any(explained)
    assert not room.guard.is_unsure
    assert not any(explained[round((UNSURE_S + 0.5) / WINDOW_S) :])


def test_where_there_is_a_canceller_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(8.0)
    sound = speech(6.0, CALLER_RATE_HZ, seed=20)
    assert not any(room.hear(sound)[round((UNSURE_S + 0.5) / WINDOW_S) :])
    monkeypatch.setattr("pipeline.echo.loudness", refuse)
    assert not room.guard.explains(as_pcm(sound[:WINDOW_SAMPLES]), BEGAN_AT + 6.1)
    room.guard.played(as_pcm(sound), BEGAN_AT + 6.1)
    assert not room.guard.explains(as_pcm(sound[:WINDOW_SAMPLES]), BEGAN_AT + 6.5)


def test_after_a_short_greeting_the_caller_is_heard_at_once() -> None:
    guard = EchoGuard()
    guard.played(as_pcm(speech(0.4, AGENT_RATE_HZ, seed=3)), BEGAN_AT)
    pcm = as_pcm(speech(1.0, CALLER_RATE_HZ, seed=1))[: 2 * WINDOW_SAMPLES]
    assert guard.explains(pcm, BEGAN_AT + 0.5)
    assert not guard.explains(pcm, BEGAN_AT + 0.9)


def test_while_the_agent_is_silent_everything_is_the_caller() -> None:
    guard = EchoGuard()
    pcm = as_pcm(speech(1.0, CALLER_RATE_HZ, seed=1))[: 2 * WINDOW_SAMPLES]
    assert not guard.explains(pcm, BEGAN_AT)


def test_sound_that_was_dropped_before_it_left_explains_nothing() -> None:
    guard = EchoGuard()
    guard.played(as_pcm(speech(0.4, AGENT_RATE_HZ, seed=3)), BEGAN_AT)
    guard.silenced(BEGAN_AT)
    pcm = as_pcm(speech(1.0, CALLER_RATE_HZ, seed=1))[: 2 * WINDOW_SAMPLES]
    assert not guard.explains(pcm, BEGAN_AT + 0.3)
