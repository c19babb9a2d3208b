from sandbox.engines.timbre import find_timbre
from sandbox.ports import SpokenLine


def line(speaker: str, pace: float = 1.0, pitch: float = 0.0) -> SpokenLine:
    return SpokenLine("hello", speaker, "bulbul:v3", "en-IN", 24000, pace=pace, pitch=pitch)


def test_womens_names_speak_higher() -> None:
    assert find_timbre(line("ritu")).pitch > 1.1 > find_timbre(line("shubh")).pitch


def test_a_style_keeps_the_register_of_its_name() -> None:
    assert find_timbre(line("ritu_hi_kids")).pitch > 1.1


def test_a_faster_pace_shortens_the_synthesis() -> None:
    assert find_timbre(line("shubh", pace=2.0)).length_scale == (
        find_timbre(line("shubh")).length_scale / 2
    )


def test_asked_pitch_raises_the_voice() -> None:
    assert find_timbre(line("shubh", pitch=0.5)).pitch > find_timbre(line("shubh")).pitch
