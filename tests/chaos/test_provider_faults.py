"""Recognition, voice and models fail on real sockets: nothing that was said is lost."""

import pytest

from benchmarks.chaos.stage import Stage
from tests.chaos.struck import UNHARMED, struck

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_words_spoken_while_recognition_is_cut_are_heard_all_the_same(stage: Stage) -> None:
    assert await struck(stage, "recognition-cut") == UNHARMED


@pytest.mark.long
async def test_words_spoken_to_a_mute_recognition_are_heard_all_the_same(stage: Stage) -> None:
    assert await struck(stage, "recognition-mute") == UNHARMED


async def test_an_answer_whose_voice_is_cut_is_spoken_to_its_end(stage: Stage) -> None:
    assert await struck(stage, "voice-cut") == UNHARMED


async def test_the_next_host_answers_where_the_first_errs(stage: Stage) -> None:
    assert await struck(stage, "model-error") == UNHARMED


@pytest.mark.long
@pytest.mark.parametrize("fault", ["model-stalled", "model-empty", "model-slow"])
async def test_the_next_host_answers_where_the_first_is(fault: str, stage: Stage) -> None:
    assert await struck(stage, fault) == UNHARMED
