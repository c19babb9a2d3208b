import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from cli.caller.clip import Samples, find_speech, read_clip
from cli.caller.errors import ClipError

RATE_HZ = 16_000


def tone(duration_s: float, rate_hz: int = RATE_HZ) -> NDArray[np.float64]:
    return 0.5 * np.sin(2 * np.pi * 300 * np.arange(int(duration_s * rate_hz)) / rate_hz)


def quiet(duration_s: float, rate_hz: int = RATE_HZ) -> NDArray[np.float64]:
    return np.random.default_rng(0).normal(0, 0.001, int(duration_s * rate_hz))


def spoken(rate_hz: int = RATE_HZ) -> NDArray[np.float64]:
    """0.3 s of quiet, 0.5 s of tone, 0.4 s of quiet."""
    return np.concatenate((quiet(0.3, rate_hz), tone(0.5, rate_hz), quiet(0.4, rate_hz)))


def pcm(sound: NDArray[np.float64]) -> Samples:
    return (sound * 32767).astype(np.int16)


def write_pcm(path: Path, samples: Samples, rate_hz: int, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(samples.tobytes())
    return path


def write_float(path: Path, sound: NDArray[np.float64], rate_hz: int) -> Path:
    data = sound.astype("<f4").tobytes()
    form = struct.pack("<HHIIHH", 3, 1, rate_hz, rate_hz * 4, 4, 32)
    body = (
        b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data)) + data
    )
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def test_speech_is_found_to_ten_milliseconds() -> None:
    speech = find_speech(pcm(spoken()), RATE_HZ)
    assert speech is not None
    assert speech[0] == pytest.approx(0.3 * RATE_HZ, abs=160)
    assert speech[1] == pytest.approx(0.8 * RATE_HZ, abs=160)


def test_a_click_is_no_speech() -> None:
    sound = quiet(1.0)
    sound[5000:5100] = 0.5
    assert find_speech(pcm(sound), RATE_HZ) is None


def test_noise_of_the_recording_itself_is_no_speech() -> None:
    noise = np.random.default_rng(0).normal(0, 0.02, RATE_HZ // 2)
    speech = find_speech(pcm(np.concatenate((noise, tone(0.5) + noise, noise))), RATE_HZ)
    assert speech is not None
    assert speech[0] == pytest.approx(0.5 * RATE_HZ, abs=160)


def test_a_clip_cut_tightly_to_its_speech_is_all_speech() -> None:
    assert find_speech(pcm(tone(0.5)), RATE_HZ) == (0, RATE_HZ // 2 - 1)


def test_stereo_at_another_rate_becomes_mono_at_ours(tmp_path: Path) -> None:
    both = np.repeat(pcm(spoken(44_100)), 2)
    clip = read_clip(write_pcm(tmp_path / "stereo.wav", both, 44_100, channels=2), RATE_HZ)
    assert clip.rate_hz == RATE_HZ
    assert clip.duration_s == pytest.approx(1.2, abs=0.01)
    assert clip.first_speech == pytest.approx(0.3 * RATE_HZ, abs=320)


def test_a_file_of_floats_is_read(tmp_path: Path) -> None:
    clip = read_clip(write_float(tmp_path / "float.wav", spoken(), RATE_HZ), RATE_HZ)
    assert np.abs(clip.samples).max() == pytest.approx(0.5 * 32768, rel=0.01)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a sound file at all" * 20])
def test_a_file_that_is_no_sound_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    with pytest.raises(ClipError, match=r"broken\.wav"):
        read_clip(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match=r"absent\.wav: No such file"):
        read_clip(tmp_path / "absent.wav")


def test_a_silent_file_is_refused_by_name(tmp_path: Path) -> None:
    path = write_pcm(tmp_path / "silent.wav", pcm(quiet(1.0)), RATE_HZ)
    with pytest.raises(ClipError, match=r"silent\.wav: no speech"):
        read_clip(path)
