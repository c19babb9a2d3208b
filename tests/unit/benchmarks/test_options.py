import pytest

from benchmarks.options import parse_options, settings_of
from benchmarks.scenario import load_scenario


def test_a_running_system_has_latencies_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["--api-url", "http://127.0.0.1:1", "--key", "k", "--stt-ms", "50"]
    with pytest.raises(SystemExit):
        parse_options("", turns=1, argv=argv)
    assert "latencies of their own" in capsys.readouterr().err


def test_an_address_without_a_key_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options("", turns=1, argv=["--api-url", "http://127.0.0.1:1"])
    assert "go together" in capsys.readouterr().err


def test_a_result_does_not_hold_the_key() -> None:
    argv = ["--api-url", "http://127.0.0.1:1", "--key", "cm_live_secret"]
    options = parse_options("", turns=1, argv=argv)
    assert "cm_live_secret" not in str(settings_of(options, load_scenario("response_latency")))


def test_the_field_profile_is_as_slow_as_the_field() -> None:
    options = parse_options("", turns=1, argv=["--profile", "field"])
    latencies = options.latencies
    assert (latencies.stt_ms, latencies.partial_ms, latencies.tts_first_byte_ms) == (250, 250, 250)
    # 350 +- 150 ms.
    assert (latencies.first_token_ms, latencies.first_token_jitter_ms) == (200, 300)
    assert settings_of(options, load_scenario("response_latency"))["profile"] == "field"


def test_a_single_latency_stands_over_the_profile() -> None:
    argv = ["--profile", "field", "--stt-ms", "90"]
    latencies = parse_options("", turns=1, argv=argv).latencies
    assert (latencies.stt_ms, latencies.tts_first_byte_ms) == (90, 250)


def test_a_running_systems_network_is_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["--api-url", "http://127.0.0.1:1", "--key", "k", "--network", "lossy"]
    with pytest.raises(SystemExit):
        parse_options("", turns=1, argv=argv)
    assert "network is what it is" in capsys.readouterr().err


def test_a_running_systems_settings_are_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["--api-url", "http://127.0.0.1:1", "--key", "k", "--acknowledge-after", "600"]
    with pytest.raises(SystemExit):
        parse_options("", turns=1, argv=argv)
    assert "settings are its own" in capsys.readouterr().err


def test_a_result_tells_when_late_answers_were_acknowledged() -> None:
    options = parse_options("", turns=1, argv=["--acknowledge-after", "600"])
    told = settings_of(options, load_scenario("response_latency"))
    assert told["acknowledge_after_ms"] == 600
