import pytest

from sandbox.speakers import V2, V3, V4, accepted_speakers
from sandbox.tts_config import (
    HTTP,
    HTTP_STREAM,
    SOCKET,
    Surface,
    TtsRefusal,
    parse_config,
)

BASE = {"target_language_code": "en-IN"}


def test_the_speaker_tables_are_complete() -> None:
    sizes = {model: len(names) for model, names in accepted_speakers().items()}

    assert sizes == {V2: 7, V3: 37, V4: 224}


@pytest.mark.parametrize("field", ["language_code", "target_language_code"])
def test_either_language_field_is_taken(field: str) -> None:
    assert parse_config({field: "hi-IN"}, V3, SOCKET).language == "hi-IN"


@pytest.mark.parametrize(
    ("model", "speaker"), [(V2, "anushka"), (V3, "shubh"), (V4, "shubh_enhi_ads")]
)
def test_each_model_has_its_default_speaker(model: str, speaker: str) -> None:
    assert parse_config(BASE, model, SOCKET).speaker == speaker


def test_the_sdks_own_config_is_taken_whole() -> None:
    sent = {
        **BASE,
        "speaker": "anushka",
        "pitch": 0.0,
        "loudness": 1.0,
        "pace": 1.0,
        "speech_sample_rate": "8000",
        "dict_id": None,
    }

    assert parse_config(sent, V2, SOCKET).rate_hz == 8000


@pytest.mark.parametrize(
    ("model", "fields", "problem"),
    [
        (V3, {"speaker": "anushka"}, "not compatible with model bulbul:v3.*shubh"),
        (V2, {"speaker": "shubh"}, "not compatible with model bulbul:v2"),
        (V4, {"speaker": "shubh"}, "not compatible with model bulbul:v4-flash"),
        (V3, {"speaker": "amelia"}, "'amelia' is not recognized"),
        (V3, {"speaker": "nobody"}, "'nobody' is not recognized"),
        (V3, {"pace": 0.4}, "pace must be between 0.5 and 2"),
        (V2, {"pace": 3.1}, "pace must be between 0.3 and 3"),
        (V2, {"pitch": 0.8}, "pitch must be between"),
        (V2, {"loudness": 0.1}, "loudness must be between"),
        (V3, {"temperature": 2}, "temperature must be between"),
        (V3, {"speech_sample_rate": 44100}, "speech_sample_rate must be one of 8000"),
        (V3, {"speech_sample_rate": "fast"}, "speech_sample_rate must be one of"),
        (V4, {"output_audio_codec": "opus", "speech_sample_rate": 22050}, "one of 8000, 16000, 24"),
        (V3, {"output_audio_codec": "ogg"}, "output_audio_codec must be one of"),
        (V3, {"output_audio_bitrate": "320k"}, "output_audio_bitrate must be one of"),
        (V3, {"min_buffer_size": 29}, "min_buffer_size must be between 30 and 200"),
        (V3, {"max_chunk_length": 501}, "max_chunk_length must be between 50 and 500"),
        (V3, {"target_language_code": "xx-XX"}, "language 'xx-XX' is not supported"),
        (V3, {"target_language_code": "ur-IN"}, "language 'ur-IN' is not supported"),
        (V3, {"target_language_code": None}, "target_language_code is required"),
        ("", {"model": "bulbul:v9"}, "model 'bulbul:v9' is not supported"),
    ],
)
def test_what_the_provider_refuses_is_refused(
    model: str, fields: dict[str, object], problem: str
) -> None:
    with pytest.raises(TtsRefusal, match=problem):
        parse_config({**BASE, **fields}, model, SOCKET)


def test_the_config_s_model_wins_over_the_query_s() -> None:
    assert parse_config({**BASE, "model": V2}, V3, SOCKET).model == V2


def test_v4_speaks_more_languages() -> None:
    assert parse_config({"language_code": "ur-IN"}, V4, SOCKET).language == "ur-IN"


def test_the_socket_ignores_pitch_on_v3_and_http_refuses_it() -> None:
    assert parse_config({**BASE, "pitch": 0.5}, V3, SOCKET).pitch == 0.0
    with pytest.raises(TtsRefusal, match="pitch is not supported by bulbul:v3"):
        parse_config({**BASE, "pitch": 0.5}, V3, HTTP)


@pytest.mark.parametrize(
    ("surface", "model", "codec", "rate_hz"),
    [(HTTP, V3, "wav", 48000), (HTTP, V2, "opus", 24000), (HTTP_STREAM, V3, "opus", 12000)],
)
def test_http_takes_more_rates(surface: Surface, model: str, codec: str, rate_hz: int) -> None:
    config = parse_config(
        {**BASE, "output_audio_codec": codec, "speech_sample_rate": rate_hz}, model, surface
    )

    assert config.rate_hz == rate_hz


def test_opus_is_refused_by_the_whole_answer_of_v3() -> None:
    with pytest.raises(TtsRefusal, match="opus is not supported by bulbul:v3"):
        parse_config({**BASE, "output_audio_codec": "opus"}, V3, HTTP)


def test_a_scripted_refusal_looks_like_an_unknown_speaker() -> None:
    with pytest.raises(TtsRefusal, match="'ritu' is not recognized"):
        parse_config({**BASE, "speaker": "ritu"}, V3, SOCKET, refused=("ritu",))
