"""What a suite's file may hold, and what is said of one that does not hold together."""

from pathlib import Path

import pytest

from cli.evals.suite import chosen, read_suite
from core.errors import ConfigError

ROOT = Path(__file__).parents[4]
GOOD = """
name = "Desk"
tries = 3
session = { language = "en-IN", voice = "shubh" }

[[case]]
name = "Hours"
session = { voice = "priya" }
passes = 2
[[case.say]]
text = "When do you open?"
expect = { says = ["nine", ["five", "seventeen"]] }

[[case]]
name = "Once"
tries = 1
[[case.say]]
text = "Hello"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "suite.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_case_has_its_own_over_what_the_suite_has(tmp_path: Path) -> None:
    suite = read_suite(written(tmp_path, GOOD))
    hours, once = suite.case
    assert suite.body_of(hours) == {"language": "en-IN", "voice": "priya"}
    assert (suite.tries_of(hours), suite.passes_of(hours)) == (3, 2)
    assert (suite.tries_of(once), suite.passes_of(once)) == (1, 1)


def test_some_of_the_cases_are_chosen_and_played_as_often_as_asked(tmp_path: Path) -> None:
    suite = chosen(read_suite(written(tmp_path, GOOD)), names=["Hours"], tries=5)
    assert [case.name for case in suite.case] == ["Hours"]
    assert (suite.tries_of(suite.case[0]), suite.passes_of(suite.case[0])) == (5, 5)


def test_a_case_that_is_not_there_cannot_be_chosen(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no case called 'Prices'"):
        chosen(read_suite(written(tmp_path, GOOD)), names=["Prices"], tries=None)


@pytest.mark.parametrize(
    ("changed", "to", "problem"),
    [
        ('text = "Hello"', "", "case 'Once': say 1: needs either `text` or `file`"),
        ('text = "Hello"', 'text = "a"\nfile = "b.wav"', "needs either `text` or `file`"),
        ('text = "Hello"', 'file = "b.wav"', "case 'Once': say 1: "),
        ('text = "Hello"', 'text = ""', "case 'Once': say 1: text: String should have at least 1"),
        ('text = "Hello"', 'txet = "Hello"', "say 1: txet: Extra inputs are not permitted"),
        ('name = "Once"', "", "case 2: name: Field required"),
        ('["five", "seventeen"]', '["five", 17]', "'Hours': say 1: expect.says 2 2: Input should"),
        (
            '["five", "seventeen"]',
            "17",
            "'Hours': say 1: expect.says 2: Input should be a valid list",
        ),
        (
            "says =",
            'never_says = ["**"], says =',
            "expect.never_says 1: holds no letter and no digit",
        ),
        (
            "tries = 1",
            'expect = { end_reason = "hangup" }',
            "expect.end_reason: Input should be 'call",
        ),
        ('name = "Once"', 'name = "Hours"', "two cases are called 'Hours'"),
        ("passes = 2", "passes = 4", "case 'Hours': `passes` is more than its tries"),
        ("tries = 3", "tries = 0", "tries: Input should be greater than or equal to 1"),
        ("tries = 1", 'expect = { rubric = "Was it kind?" }', "case 'Once' needs the suite's"),
        ("tries = 1", 'caller = { role = "A liar" }', "needs either `say` or `caller`"),
        ("says =", 'no_tools = true, tools = [{ name = "a" }], says =', "exclude each other"),
        ('name = "Desk"', 'name = "Desk', "line 2"),
    ],
)
def test_what_does_not_hold_is_named(tmp_path: Path, changed: str, to: str, problem: str) -> None:
    assert changed in GOOD
    with pytest.raises(ConfigError) as refused:
        read_suite(written(tmp_path, GOOD.replace(changed, to, 1)))
    assert problem in str(refused.value)


def test_a_file_that_is_no_sound_is_named_before_anything_is_said(tmp_path: Path) -> None:
    (tmp_path / "b.wav").write_text("hello")
    with pytest.raises(ConfigError, match=r"suite\.toml: case 'Once': say 1: .*b\.wav"):
        read_suite(written(tmp_path, GOOD.replace('text = "Hello"', 'file = "b.wav"')))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        read_suite(tmp_path / "none.toml")


def test_the_demos_suite_holds_together() -> None:
    assert len(read_suite(ROOT / "evals/demo.toml").case) >= 4
