from pathlib import Path

import numpy as np
import pytest

from cli.caller.clip import Samples, read_clip
from cli.caller.recording import Recording

RATE_HZ = 16_000
FRAME = RATE_HZ // 100


def frames_of(pattern: str) -> list[Samples]:
    """`#` a loud frame of 10 ms, `.` one of quiet noise."""
    loud = np.full(FRAME, 8000, np.int16)
    quiet = np.full(FRAME, 30, np.int16)
    return [loud if char == "#" else quiet for char in pattern]


def heard(pattern: str, *, since: float = 100.0, kept_s: float = 0.0) -> Recording:
    recording = Recording(RATE_HZ, kept_s=kept_s)
    for index, frame in enumerate(frames_of(pattern)):
        recording.add(frame, since + index * 0.010)
    return recording


def test_an_onset_is_placed_at_the_first_loud_sample_inside_its_frame() -> None:
    frame = np.zeros(FRAME, np.int16)
    frame[80:] = 9000
    recording = Recording(RATE_HZ)
    recording.add(frame, 50.0)
    assert recording.onset_after(49.0) == pytest.approx(50.005)


def test_a_negative_peak_counts_as_sound() -> None:
    recording = Recording(RATE_HZ)
    recording.add(np.full(FRAME, -32768, np.int16), 1.0)
    assert recording.onset_after(0.0) == 1.0


def test_quiet_noise_is_no_sound() -> None:
    recording = heard("." * 50)
    assert recording.spans(0.1) == []
    assert recording.quiet_s(now=200.0) is None


def test_a_gap_longer_than_asked_for_ends_a_span_and_a_shorter_one_does_not() -> None:
    recording = heard("###.....###")
    assert len(recording.spans(0.030)) == 2
    assert len(recording.spans(0.100)) == 1


def test_sound_that_runs_on_over_a_moment_is_no_onset_after_it() -> None:
    recording = heard("######........##")
    assert recording.onset_after(100.02) == pytest.approx(100.14)
    assert recording.is_sounding(100.02, gap_s=0.05)
    assert not recording.is_sounding(100.12, gap_s=0.05)


def test_silence_is_undecided_until_the_gap_is_over() -> None:
    recording = heard("..####..")
    ended_at = recording.spans(0.1)[0].ended_at
    assert recording.silence_after(100.03, 0.1, now=ended_at + 0.09) is None
    assert recording.silence_after(100.03, 0.1, now=ended_at + 0.11) == ended_at


def test_silence_after_a_quiet_moment_is_that_moment() -> None:
    assert heard("....").silence_after(100.0, 0.1, now=100.04) == 100.0


def test_silence_belongs_to_the_span_of_the_moment_and_not_to_a_later_one() -> None:
    recording = heard("####......####")
    assert recording.silence_after(100.01, 0.05, now=105.0) == pytest.approx(100.04, abs=0.001)


def test_kept_sound_ends_at_its_bound_while_measuring_goes_on() -> None:
    recording = heard("##..##", kept_s=0.03)
    assert len(recording.samples()) == 3 * FRAME
    assert recording.dropped_frames == 3
    assert len(recording.spans(0.02)) == 2


def test_a_hole_in_the_stream_is_silence_on_the_kept_timeline() -> None:
    recording = Recording(RATE_HZ, kept_s=10.0)
    loud = frames_of("#")[0]
    recording.add(loud, 0.0)
    recording.add(loud, 1.0)
    samples = recording.samples()
    assert len(samples) == RATE_HZ + FRAME
    assert not samples[FRAME:RATE_HZ].any()


def test_jitter_of_arrival_does_not_tear_the_kept_sound() -> None:
    recording = Recording(RATE_HZ, kept_s=10.0)
    loud = frames_of("#")[0]
    for at in (0.0, 0.010, 0.065, 0.066, 0.067):
        recording.add(loud, at)
    assert len(recording.samples()) == 5 * FRAME


def test_the_written_file_reads_back_as_the_kept_sound(tmp_path: Path) -> None:
    recording = heard("..######..", kept_s=1.0)
    recording.write_wav(tmp_path / "agent.wav")
    clip = read_clip(tmp_path / "agent.wav", RATE_HZ)
    np.testing.assert_array_equal(clip.samples, recording.samples())


def test_bursts_join_across_frames() -> None:
    (span,) = heard("####").spans(0.02)
    assert span.started_at == 100.0
    assert span.ended_at == pytest.approx(100.04, abs=0.001)
