import argparse
from pathlib import Path

import pytest

from cli import say
from core.errors import ConfigError


def parse(*argv: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    say.add_parser(parser.add_subparsers())
    return parser.parse_args(["say", *argv])


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No address from the environment, no `vaarta dev` in the folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("VAARTA_API_URL", "VAARTA_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_nothing_to_say_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    args = parse()
    assert args.run(args) == say.WRONG_USE
    assert "name a sound file" in capsys.readouterr().err


def test_without_an_address_it_says_where_one_comes_from(
    capsys: pytest.CaptureFixture[str],
) -> None:
    args = parse("--text", "hello")
    assert args.run(args) == say.WRONG_USE
    assert "vaarta dev" in capsys.readouterr().err


def test_an_unreadable_file_is_refused_before_a_session_is_made(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("broken.wav").write_bytes(b"no sound")
    args = parse("broken.wav", "--api-url", "http://127.0.0.1:1", "--key", "k")
    assert args.run(args) == say.WRONG_USE
    assert "broken.wav" in capsys.readouterr().err


def test_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAARTA_API_URL", "http://environment")
    monkeypatch.setenv("VAARTA_API_KEY", "environment-key")
    assert say.find_address(None, None) == ("http://environment", "environment-key")
    assert say.find_address("http://option", None) == ("http://option", "environment-key")


def test_an_address_without_a_key_is_refused() -> None:
    with pytest.raises(ConfigError, match="no key for http://option"):
        say.find_address("http://option", None)


def test_only_what_was_given_is_sent() -> None:
    args = parse("--text", "hi", "--voice", "ritu", "--prompt", "Be brief.")
    assert say.session_body(args) == {"voice": "ritu", "system_prompt": "Be brief."}
