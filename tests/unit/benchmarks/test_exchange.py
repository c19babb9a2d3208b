from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest

from benchmarks.exchange import NotMeasured, ask, break_in
from benchmarks.result import Tally
from cli.caller.caller import Caller
from cli.caller.clip import Clip
from cli.caller.microphone import PlayedSpan
from cli.caller.recording import Recording

RATE_HZ = 16000
CLIP = cast(Clip, None)
SPAN = PlayedSpan(first_speech_at=1.0, last_speech_at=2.0, worst_lateness_s=0.0)


class FakeCaller:
    """Played its clip from 1.0 to 2.0 s; the agent sounded as it is told."""

    overruns = 0

    def __init__(self, *sounds: tuple[float, float]) -> None:
        self.agent_sound = Recording(RATE_HZ)
        for started_at, ended_at in sounds:
            self.agent_sound.add(loud(ended_at - started_at), started_at)

    async def play(self, clip: Clip) -> PlayedSpan:
        return SPAN

    async def wait_for(self, look: Callable[[], Any], *, what: str, timeout_s: float) -> Any:
        """All was heard long ago, by the clock that is asked."""
        return look()


def loud(duration_s: float) -> Any:
    return np.full(int(duration_s * RATE_HZ), 8000, np.int16)


def caller(*sounds: tuple[float, float]) -> Caller:
    return cast(Caller, FakeCaller(*sounds))


async def test_an_answer_counts_from_the_questions_last_sample() -> None:
    answer = await ask(caller((2.5, 3.0)), CLIP)
    assert answer.took_ms == pytest.approx(500)


async def test_an_agent_that_speaks_over_the_question_has_failed() -> None:
    with pytest.raises(NotMeasured) as refused:
        await ask(caller((1.5, 1.8), (2.5, 3.0)), CLIP)
    tally = Tally()
    refused.value.note(tally)
    assert (dict(tally.errors), dict(tally.discards)) == ({"agent spoke over the question": 1}, {})


async def test_a_barge_in_counts_to_the_silence_and_to_the_answer() -> None:
    answer = await break_in(caller((0.5, 1.2), (2.6, 3.0)), CLIP)
    assert answer.stop_ms == pytest.approx(200, abs=1)
    assert answer.took_ms == pytest.approx(600)


@pytest.mark.parametrize(
    ("sounds", "problem"),
    [
        (((0.5, 1.2), (1.6, 1.8), (2.6, 3.0)), "agent went on in between"),
        (((0.1, 0.5), (2.6, 3.0)), "agent was silent already"),
    ],
)
async def test_an_agent_that_speaks_in_between_or_not_at_all_has_failed(
    sounds: tuple[tuple[float, float], ...], problem: str
) -> None:
    with pytest.raises(NotMeasured, match=problem) as refused:
        await break_in(caller(*sounds), CLIP)
    assert refused.value.is_error
