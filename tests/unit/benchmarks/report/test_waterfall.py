from typing import Any

from benchmarks.report.waterfall import all_turns, waterfalls

STAGES = {
    "eou_delay_ms": 210,
    "stt_ms": 160,
    "first_token_ms": 120,
    "tts_ttfb_ms": 80,
    "first_audio_ms": 320,
    "speech_ended_at_ms": 9000,
    "llm_requested_at_ms": 8900,
    "tts_requested_at_ms": 9100,
}


def row(heard_ms: float | None, **changed: int | None) -> dict[str, Any]:
    return {"clip": "a.wav", "voice_to_voice": heard_ms, **STAGES, **changed}


def test_fastest_median_95th_and_slowest_turn_are_drawn() -> None:
    drawn = waterfalls([row(400.0 + k) for k in range(101)])
    shown = [f"heard after {heard} ms" in drawn for heard in (400, 450, 495, 500)]
    assert shown == [True] * 4
    assert drawn.count("heard after") == 4


def test_a_turn_that_lacks_a_stage_is_not_drawn_in_full() -> None:
    assert waterfalls([row(400.0, stt_ms=None), row(None)]) == ""


def test_each_turn_is_a_bar_of_three_parts() -> None:
    drawn = all_turns([row(430.0), row(450.0), row(None)])
    assert drawn.count("decided 210, left 320, heard 430 ms") == 3
    assert drawn.count("heard 450 ms") == 3
