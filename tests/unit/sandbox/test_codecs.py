import numpy as np
import pytest

from sandbox import g711
from sandbox.audio_file import decode_file
from sandbox.codecs import CODECS, encode_whole, wav_header
from sandbox.pcm import DECODERS, AudioError, from_base64, read_wav, resample
from sandbox.ports import Samples


def tone(rate_hz: int, ms: int = 1000) -> Samples:
    at = np.arange(rate_hz * ms // 1000) / rate_hz
    return (8000 * np.sin(2 * np.pi * 300 * at)).astype(np.int16)


@pytest.mark.parametrize("codec", ["mp3", "wav", "opus", "flac", "aac"])
@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 24000])
def test_a_file_in_every_codec_holds_the_sound(codec: str, rate_hz: int) -> None:
    decoded = decode_file(encode_whole(tone(rate_hz), codec, rate_hz, "64k"), rate_hz)

    assert decoded.size == pytest.approx(rate_hz, rel=0.2)
    middle = decoded[decoded.size // 4 : -decoded.size // 4].astype(float)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(8000 / np.sqrt(2), rel=0.15)


def test_a_streamed_codec_in_pieces_is_one_stream() -> None:
    encoder = CODECS["mp3"].open(24000, "64k")
    parts = [encoder.encode(part) for part in np.array_split(tone(24000), 10)]
    decoded = decode_file(b"".join(parts) + encoder.finish(), 24000)

    assert decoded.size == pytest.approx(24000, rel=0.15)


def test_a_streamed_wav_begins_with_a_header_of_unknown_size() -> None:
    encoder = CODECS["wav"].open(16000, "128k")
    first, second = encoder.encode(tone(16000, 10)), encoder.encode(tone(16000, 10))

    assert first[:44] == wav_header(16000)
    assert first[4:8] == first[40:44] == b"\xff\xff\xff\xff"
    assert not second.startswith(b"RIFF")


@pytest.mark.parametrize(
    ("encode", "decode"),
    [(g711.encode_mulaw, g711.decode_mulaw), (g711.encode_alaw, g711.decode_alaw)],
)
def test_g711_codes_survive_a_round_trip(encode: object, decode: object) -> None:
    assert callable(encode)
    assert callable(decode)
    loud = np.array([-30000, -1000, -100, 100, 1000, 30000], np.int16)

    assert decode(encode(loud)) == pytest.approx(loud, rel=0.06)


def test_g711_agrees_with_the_standards_known_codes() -> None:
    assert g711.encode_mulaw(np.array([0, -32768, 32767], np.int16)) == b"\xff\x00\x80"
    assert g711.encode_alaw(np.array([8, -32768, 32767], np.int16)) == b"\xd5\x2a\xaa"


def test_thirty_two_bit_samples_keep_their_upper_half() -> None:
    words = np.array([5 << 16, -7 << 16], "<i4")

    assert DECODERS["linear32"](words.tobytes()).tolist() == [5, -7]


def test_stereo_wav_is_mixed_down() -> None:
    header = bytearray(wav_header(8000, 8))
    header[22] = 2
    samples, rate_hz = read_wav(bytes(header) + np.array([100, 300, -50, 50], "<i2").tobytes())

    assert (samples.tolist(), rate_hz) == ([200, 0], 8000)


@pytest.mark.parametrize("data", [b"RIFF", b"RIFF1234AVI ", wav_header(16000)[:36]])
def test_a_broken_wav_is_refused(data: bytes) -> None:
    with pytest.raises(AudioError):
        read_wav(data)


def test_bytes_that_are_no_audio_file_are_refused() -> None:
    with pytest.raises(AudioError):
        decode_file(b"this is no audio at all" * 50, 16000)


@pytest.mark.parametrize("text", [None, 5, "not base64!"])
def test_audio_must_be_base64(text: object) -> None:
    with pytest.raises(AudioError):
        from_base64(text)


def test_resampling_keeps_the_duration() -> None:
    assert resample(tone(8000), 8000, 16000).size == 16000
