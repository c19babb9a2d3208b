from benchmarks.clips import ClipRecord, Pause
from benchmarks.turn_taking import dead_air_ms, read_pauses
from cli.caller.microphone import PlayedSpan
from cli.caller.recording import SoundSpan

FIRST = Pause(1000, 1500, "My number is", 600, "unfinished")
SECOND = Pause(2500, 3400, "My number is nine eight", 1200, "complete")
CLIP = ClipRecord(
    file="number.wav",
    text="My number is nine eight seven",
    language="en-IN",
    kind="paused",
    speech_start_ms=300,
    speech_end_ms=4300,
    voiced_ms=1800,
    licence="",
    origin="",
    pauses=(FIRST, SECOND),
)
SPAN = PlayedSpan(first_speech_at=100.0, last_speech_at=104.0, worst_lateness_s=0.0)
"""The first pause begins at 100.7, the second at 102.2."""


def heard_ms(*sounds: tuple[float, float]) -> list[float]:
    spans = [SoundSpan(*sound) for sound in sounds]
    return [round(heard.heard_ms) for heard in read_pauses(CLIP, SPAN, spans)]


def test_an_agent_that_waits_cuts_nobody_off() -> None:
    assert heard_ms((104.4, 106.0)) == [0, 0]


def test_sound_in_a_pause_counts_for_that_pause() -> None:
    assert heard_ms((101.0, 101.2), (104.4, 106.0)) == [200, 0]


def test_sound_that_begins_over_the_resumed_speech_counts_for_the_pause_before_it() -> None:
    assert heard_ms((103.5, 103.75), (104.4, 106.0)) == [0, 250]


def test_a_cut_off_is_counted_with_its_kind_and_length() -> None:
    (_, second) = read_pauses(CLIP, SPAN, [])
    assert second.metrics == (
        "false_cut_off",
        "false_cut_off, complete",
        "false_cut_off, complete, 900 ms",
    )


def test_dead_air_ends_with_the_sound_that_begins_after_the_last_sample() -> None:
    sounds = [SoundSpan(101.0, 101.2), SoundSpan(104.35, 106.0)]
    assert dead_air_ms(SPAN, sounds) is not None
    assert round(dead_air_ms(SPAN, sounds) or 0) == 350


def test_an_agent_that_talked_all_the_while_has_no_dead_air() -> None:
    assert dead_air_ms(SPAN, [SoundSpan(103.5, 106.0)]) is None
