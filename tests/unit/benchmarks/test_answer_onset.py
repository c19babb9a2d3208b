"""The answer is told from the "hmm" ahead of it, by what was heard."""

import numpy as np
import pytest

from benchmarks.answer_onset import answer_onset
from cli.caller.recording import Recording
from cli.caller.turn import Turn

RATE_HZ = 48_000
FRAME_S = 0.01
HUM, ANSWER = (1.0, 1.2), (1.45, 3.0)


def heard(*sounds: tuple[float, float]) -> Recording:
    recording = Recording(RATE_HZ)
    for number in range(400):
        at = number * FRAME_S
        is_loud = any(begin <= at + 1e-6 < end for begin, end in sounds)
        level = 8000 if is_loud else 0
        recording.add(np.full(int(RATE_HZ * FRAME_S), level, np.int16), at)
    return recording


def told(first_audio_ms: int, acknowledged_ms: int | None) -> Turn:
    return Turn(turn_index=1, first_audio_ms=first_audio_ms, acknowledged_ms=acknowledged_ms)


def test_an_answer_that_nothing_precedes_begins_with_its_first_sound() -> None:
    assert answer_onset(heard(ANSWER), ANSWER[0], told(900, None)) == ANSWER[0]
    assert answer_onset(heard(ANSWER), ANSWER[0], None) == ANSWER[0]


@pytest.mark.parametrize("apart_ms", [400, 450, 520])
def test_the_sound_that_was_told_to_follow_is_the_answer(apart_ms: int) -> None:
    found = answer_onset(heard(HUM, ANSWER), HUM[0], told(600 + apart_ms, 600))
    assert found == pytest.approx(ANSWER[0])


def test_an_answer_that_the_hum_runs_into_begins_where_it_was_told_to() -> None:
    found = answer_onset(heard((1.0, 3.0)), 1.0, told(850, 600))
    assert found == pytest.approx(1.25)
