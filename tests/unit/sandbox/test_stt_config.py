import pytest

from sandbox import legacy_config, realtime_config
from sandbox.stt_options import ConfigError


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({}, "language_code is required"),
        ({"language_code": "od-IN"}, "'od-IN' is not supported"),
        ({"language_code": "unknown"}, "'unknown' is not supported"),
        ({"language_code": "en-IN", "model": "saaras:v3"}, "model must be one of"),
        ({"language_code": "en-IN", "sample_rate": "24000"}, "sample_rate must be 16000 or 8000"),
        ({"language_code": "en-IN", "encoding": "opus"}, "encoding must be one of"),
        ({"language_code": "en-IN", "threshold": "2"}, "threshold must be between 0 and 1"),
        ({"language_code": "en-IN", "silence_duration_ms": "x"}, "must be a number"),
        ({"language_code": "en-IN", "keyterms": '["a"]'}, "keyterms need model saaras:v4"),
        ({"language_code": "en-IN", "keyterms": "a"}, "keyterms must be a JSON array"),
    ],
)
def test_realtime_refuses_a_wrong_query(query: dict[str, str], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        realtime_config.parse_query(query, None)


def test_endpointing_is_echoed_as_turn_detection() -> None:
    query = {"language_code": "or-IN", "endpointing": "manual", "return_timestamps": "true"}
    shown = realtime_config.parse_query(query, None).echo()

    assert shown["turn_detection"] == "manual"
    assert shown["return_timestamps"] is True
    assert "endpointing" not in shown


def test_the_scripts_window_holds_where_the_client_names_none() -> None:
    named = {"language_code": "en-IN", "silence_duration_ms": "300"}

    assert realtime_config.parse_query({"language_code": "en-IN"}, 700).silence_duration_ms == 700
    assert realtime_config.parse_query(named, 700).silence_duration_ms == 300


def test_thresholds_change_at_once_and_the_mode_at_the_boundary() -> None:
    config = realtime_config.parse_query({"language_code": "en-IN"}, None)
    message = {"event": "config.update", "silence_duration_ms": 250, "mode": "translate"}
    update = realtime_config.parse_update(message, config)

    assert update.now == {"silence_duration_ms": 250}
    assert update.later == {"mode": "translate"}
    assert update.applied == ["silence_duration_ms", "mode"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"stream_type": "simulated"}, "to or from simulated"),
        ({"sample_rate": 8000}, "sample_rate cannot be changed"),
        ({"language_code": "xx"}, "not supported"),
    ],
)
def test_what_cannot_change_during_a_session(change: dict[str, object], problem: str) -> None:
    config = realtime_config.parse_query({"language_code": "en-IN"}, None)

    with pytest.raises(ConfigError, match=problem):
        realtime_config.parse_update(change, config)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ({}, "language-code is required"),
        ({"language_code": "en-IN"}, "language-code is required"),
        ({"language-code": "or-IN"}, "'or-IN' is not supported"),
        ({"language-code": "en-IN", "model": "saarika:v2.5"}, "model must be one of"),
        ({"language-code": "en-IN", "sample_rate": "44100"}, "sample_rate must be one of"),
        ({"language-code": "en-IN", "model": "saaras:v3", "keyterms": '["a"]'}, "saaras:v4"),
        ({"language-code": "en-IN", "keyterms": str(list(range(51)))}, "array of strings"),
    ],
)
def test_legacy_refuses_a_wrong_query(query: dict[str, str], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        legacy_config.parse_query(query, None)


@pytest.mark.parametrize(("sensitive", "silence_ms"), [("true", 500), ("false", 1000)])
def test_sensitivity_sets_the_legacy_window(sensitive: str, silence_ms: int) -> None:
    query = {"language-code": "unknown", "high_vad_sensitivity": sensitive}

    assert legacy_config.parse_query(query, None).silence_ms == silence_ms


def test_the_scripts_window_wins_on_legacy() -> None:
    assert legacy_config.parse_query({"language-code": "en-IN"}, 300).silence_ms == 300
