import pytest

from benchmarks.clips import ClipRecord, Pause
from benchmarks.sweep.recognition import VirtualRecogniser
from sandbox.script import SttScript

CLIP = ClipRecord(
    file="table.wav",
    text="I would like a table for four people.",
    language="en-IN",
    kind="paused",
    speech_start_ms=300,
    speech_end_ms=2300,
    voiced_ms=1600,
    licence="",
    origin="",
    pauses=(Pause(1200, 1700, "I would like a table for", 1000, "unfinished"),),
)


def recogniser(punctuation: str = "vendor") -> VirtualRecogniser:
    return VirtualRecogniser(CLIP, SttScript(latency_ms=50, punctuation=punctuation))


def said(recogniser: VirtualRecogniser, until: float) -> list[tuple[float, str, bool]]:
    return [(round(h.at, 3), h.text, h.is_final) for h in recogniser.due(until)]


def test_a_flush_in_the_pause_brings_the_words_before_it_after_the_latency() -> None:
    hearing = recogniser()
    hearing.begin(1.0, 1000, 90)
    hearing.settle(1.1)
    assert said(hearing, 1.14) == []
    assert said(hearing, 1.2) == [(1.15, "I would like a table for", True)]


def test_the_rest_comes_with_the_next_flush() -> None:
    hearing = recogniser()
    hearing.begin(1.0, 1000, 90)
    hearing.settle(1.1)
    hearing.hear(2.0, 600, 90)
    hearing.end(2.1)
    assert [text for _, text, _ in said(hearing, 3.0)] == [
        "I would like a table for",
        "four people.",
    ]


def test_a_flush_without_new_words_brings_nothing() -> None:
    hearing = recogniser()
    hearing.begin(1.0, 40, 90)
    hearing.settle(1.1)
    assert said(hearing, 2.0) == []


def test_partials_come_at_the_cadence_of_the_script_while_words_are_added() -> None:
    hearing = recogniser()
    hearing.begin(1.0, 300, 0)
    for at in (1.1, 1.2, 1.3):
        hearing.hear(at, 100, 0)
    assert said(hearing, 2.0) == [(1.25, "I would", False)]


@pytest.mark.parametrize(
    ("punctuation", "expected"),
    [
        ("vendor", "I would like a table for"),
        ("always", "I would like a table for."),
        ("never", "I would like a table for"),
    ],
)
def test_finals_are_punctuated_as_the_recogniser_does(punctuation: str, expected: str) -> None:
    hearing = recogniser(punctuation)
    hearing.begin(1.0, 1000, 90)
    hearing.settle(1.1)
    assert [text for _, text, _ in said(hearing, 2.0)] == [expected]
