"""Latencies: what was not measured is null, never zero and never negative."""

from dataclasses import astuple

from pipeline.timeline import Timeline


def test_every_stage_has_its_own_two_marks() -> None:
    timeline = Timeline(
        speech_ended_at=10.0,
        final_at=10.15,
        decided_at=10.22,
        requested_at=10.16,
        first_token_at=10.26,
        voice_asked_at=10.3,
        first_byte_at=10.38,
        first_audio_at=10.4,
        ended_at=13.0,
    )
    latencies = timeline.latencies()
    assert (latencies.stt_ms, latencies.eou_delay_ms) == (150, 220)
    assert (latencies.first_token_ms, latencies.tts_ttfb_ms) == (100, 80)
    assert (latencies.first_audio_ms, latencies.total_ms) == (400, 3000)


def test_moments_count_from_the_start_of_the_session() -> None:
    timeline = Timeline(speech_ended_at=10.0, requested_at=9.9, voice_asked_at=10.3)
    assert astuple(timeline.moments(began_at=8.0)) == (2000, 1900, 2300)


def test_what_was_prepared_before_the_session_counts_from_its_start() -> None:
    assert astuple(Timeline(voice_asked_at=7.5).moments(began_at=8.0)) == (None, None, 0)


def test_nothing_is_measured_without_marks() -> None:
    assert astuple(Timeline().latencies()) == (None,) * 6


def test_an_agents_own_line_has_no_response_latency() -> None:
    timeline = Timeline(voice_asked_at=1.0, first_byte_at=1.08, first_audio_at=1.1, ended_at=2.0)
    assert astuple(timeline.latencies()) == (None, None, None, 80, None, None)


def test_a_final_from_before_the_last_word_measures_nothing() -> None:
    assert Timeline(speech_ended_at=10.0, final_at=9.5).latencies().stt_ms is None


def test_no_latency_is_zero() -> None:
    timeline = Timeline(speech_ended_at=10.0, final_at=10.0, decided_at=10.0002)
    assert timeline.latencies().stt_ms is None
    assert timeline.latencies().eou_delay_ms is None
