"""Whatever a client records in, its sound is heard at the right pitch and length."""

import pytest

from agent.room.decoding import UndecodableError, decoded
from pipeline.audio import WINDOW_BYTES, WINDOW_S
from tests.unit.agent.recorded import TONE_HZ, in_file, pitch_hz, tone


def heard(sound: bytes, *, rate_hz: int = 48_000, n_channels: int = 1) -> list[bytes]:
    return decoded(sound, rate_hz=rate_hz, n_channels=n_channels, max_s=20.0)


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("n_channels", [1, 2])
def test_mere_samples_are_heard(rate_hz: int, n_channels: int) -> None:
    windows = heard(
        tone(2.5, rate_hz, n_channels).tobytes(), rate_hz=rate_hz, n_channels=n_channels
    )

    assert {len(window) for window in windows} == {WINDOW_BYTES}
    assert len(windows) * WINDOW_S == pytest.approx(2.5, abs=0.05)
    assert pitch_hz(windows) == pytest.approx(TONE_HZ, abs=2)


@pytest.mark.parametrize(
    ("file_format", "codec"),
    [("webm", "libopus"), ("ogg", "libopus"), ("mp4", "aac")],
    ids=["chrome", "firefox", "safari"],
)
def test_what_browsers_record_is_heard(file_format: str, codec: str) -> None:
    windows = heard(in_file(2.5, file_format=file_format, codec=codec))

    assert len(windows) * WINDOW_S == pytest.approx(2.5, abs=0.1)
    assert pitch_hz(windows) == pytest.approx(TONE_HZ, abs=2)


def test_no_sound_is_none() -> None:
    assert heard(b"") == []
    assert heard(b"\0") == []


@pytest.mark.parametrize(
    ("rate_hz", "n_channels"), [(0, 1), (-1, 1), (7_999, 1), (10**9, 1), (48_000, 0), (48_000, 9)]
)
def test_samples_of_no_such_kind_are_refused(rate_hz: int, n_channels: int) -> None:
    with pytest.raises(UndecodableError):
        heard(bytes(1000), rate_hz=rate_hz, n_channels=n_channels)


def test_what_only_begins_like_a_file_is_refused() -> None:
    for head in (b"\x1a\x45\xdf\xa3", b"OggS", b"\0\0\0\x20ftyp"):
        with pytest.raises(UndecodableError):
            heard(head + bytes(range(256)) * 8)


def test_a_recording_without_an_end_is_refused() -> None:
    with pytest.raises(UndecodableError):
        heard(tone(20.5, 8_000).tobytes(), rate_hz=8_000)
    with pytest.raises(UndecodableError):
        heard(in_file(25.0, file_format="webm", codec="libopus"))
