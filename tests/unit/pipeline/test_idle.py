"""When a silent caller is asked, and when they are left."""

import pytest

from pipeline.idle import Idleness, IdleStep, Scene

AFTER_S = 20.0


def steps(idleness: Idleness, scene: Scene, *, start: float, end: float) -> list[tuple[float, str]]:
    """What comes due while the scene lasts, looked at every quarter of a second."""
    due = []
    for quarter in range(int(4 * start), int(4 * end)):
        at = quarter / 4
        if step := idleness.look(scene, at=at):
            due.append((at, step.name))
    return due


def test_silence_brings_two_prompts_and_then_the_end() -> None:
    due = steps(Idleness(AFTER_S), Scene.NOBODY, start=0, end=61)
    assert [name for _, name in due] == ["PROMPT", "PROMPT", "LEAVE"]


def test_the_agents_own_time_does_not_count() -> None:
    idleness = Idleness(AFTER_S)
    assert steps(idleness, Scene.NOBODY, start=0, end=19) == []
    assert steps(idleness, Scene.AGENT, start=19, end=200) == []
    assert steps(idleness, Scene.NOBODY, start=200, end=221) == [(220.0, "PROMPT")]


def test_any_sound_of_the_caller_starts_it_over() -> None:
    idleness = Idleness(AFTER_S)
    assert len(steps(idleness, Scene.NOBODY, start=0, end=50)) == 2
    idleness.look(Scene.CALLER, at=50)
    assert steps(idleness, Scene.NOBODY, start=51, end=72) == [(71.0, "PROMPT")]


def test_text_starts_it_over() -> None:
    idleness = Idleness(AFTER_S)
    assert len(steps(idleness, Scene.NOBODY, start=0, end=50)) == 2
    idleness.stir()
    assert steps(idleness, Scene.NOBODY, start=51, end=72) == [(71.0, "PROMPT")]


def test_a_caller_who_is_away_is_not_asked() -> None:
    idleness = Idleness(AFTER_S)
    assert steps(idleness, Scene.AWAY, start=0, end=100) == []
    assert idleness.look(Scene.NOBODY, at=100) is None
    assert idleness.look(Scene.NOBODY, at=120) is IdleStep.PROMPT


@pytest.mark.parametrize(("scene", "prompt"), [(Scene.VOICE, "ASK_AGAIN"), (Scene.SOUND, "PROMPT")])
def test_a_sound_without_words_starts_it_over_but_not_for_ever(scene: Scene, prompt: str) -> None:
    idleness = Idleness(AFTER_S, wordless_s=30.0)
    assert len(steps(idleness, Scene.NOBODY, start=0, end=50)) == 2
    assert steps(idleness, scene, start=50, end=80) == []
    due = steps(idleness, scene, start=80, end=150)
    assert [name for _, name in due] == [prompt, prompt, "LEAVE"]


def test_a_voice_that_brought_no_words_is_asked_to_say_it_again() -> None:
    idleness = Idleness(AFTER_S)
    assert steps(idleness, Scene.VOICE, start=0, end=3) == []
    due = steps(idleness, Scene.NOBODY, start=3, end=64)
    assert [name for _, name in due] == ["ASK_AGAIN", "PROMPT", "LEAVE"]


def test_words_are_trusted_again() -> None:
    idleness = Idleness(AFTER_S, wordless_s=30.0)
    steps(idleness, Scene.VOICE, start=0, end=40)
    assert not idleness.trusts_sound
    idleness.look(Scene.CALLER, at=40)
    assert idleness.trusts_sound
    assert steps(idleness, Scene.VOICE, start=41, end=70) == []
