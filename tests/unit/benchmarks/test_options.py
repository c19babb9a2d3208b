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
