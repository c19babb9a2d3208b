import pytest

from cli.dev.elsewhere import Elsewhere, provider_env
from cli.dev.part import StartError
from core.setting_groups import UPSTREAMS

SANDBOX = "http://127.0.0.1:8090"


def test_nothing_given_means_everything_is_started() -> None:
    found = Elsewhere.read({})
    assert found == Elsewhere(False, False, False, frozenset())
    assert found.needs_sandbox


def test_without_settings_every_provider_is_the_sandbox() -> None:
    env = provider_env({}, SANDBOX)
    assert env["SARVAM_API_URL"] == SANDBOX
    assert env["SARVAM_WS_URL"] == "ws://127.0.0.1:8090"
    for name in UPSTREAMS:
        assert env[f"LLM_{name.upper()}_URL"] == f"{SANDBOX}/upstreams/{name}/v1"


def test_a_sarvam_key_alone_means_sarvam_itself() -> None:
    env = provider_env({"SARVAM_API_KEY": "sk-real"}, SANDBOX)
    assert env["SARVAM_API_URL"] == "https://api.sarvam.ai"
    assert env["SARVAM_WS_URL"] == "wss://api.sarvam.ai"
    assert "SARVAM_API_KEY" not in env
    assert env["LLM_SARVAM_URL"] == f"{SANDBOX}/upstreams/sarvam/v1"


@pytest.mark.parametrize(
    ("given", "rest", "sockets"),
    [
        ({"SARVAM_API_URL": "http://h:1"}, "http://h:1", "ws://h:1"),
        ({"SARVAM_WS_URL": "wss://h"}, "https://h", "wss://h"),
        ({"SARVAM_API_URL": "http://h:1", "SARVAM_WS_URL": "ws://h:2"}, "http://h:1", "ws://h:2"),
    ],
)
def test_one_of_sarvams_addresses_tells_the_other(
    given: dict[str, str], rest: str, sockets: str
) -> None:
    env = provider_env(given, SANDBOX)
    assert (env["SARVAM_API_URL"], env["SARVAM_WS_URL"]) == (rest, sockets)


def test_a_model_key_alone_means_its_vendor() -> None:
    env = provider_env({"LLM_OPENROUTER_API_KEY": "sk-or"}, SANDBOX)
    assert env["LLM_OPENROUTER_URL"] == "https://openrouter.ai/api/v1"
    assert "LLM_OPENROUTER_API_KEY" not in env


def test_an_address_of_ones_own_is_left_alone() -> None:
    env = provider_env({"LLM_LOCAL_URL": "http://127.0.0.1:11434/v1"}, SANDBOX)
    assert "LLM_LOCAL_URL" not in env
    assert "LLM_LOCAL_API_KEY" not in env


def test_a_local_key_without_an_address_is_refused() -> None:
    with pytest.raises(StartError, match="LLM_LOCAL_URL"):
        provider_env({"LLM_LOCAL_API_KEY": "k"}, SANDBOX)


def test_an_upstream_that_was_switched_off_stays_off() -> None:
    env = provider_env({"LLM_MOONSHOT_API_KEY": ""}, SANDBOX)
    assert not any(name.startswith("LLM_MOONSHOT") for name in env)


def test_the_sandbox_is_not_needed_when_everything_is_elsewhere() -> None:
    given = {f"LLM_{name.upper()}_URL": "http://h/v1" for name in UPSTREAMS}
    assert not Elsewhere.read({**given, "SARVAM_API_KEY": "sk-real"}).needs_sandbox
    assert Elsewhere.read(given).needs_sandbox
