from pathlib import Path

import pytest

from benchmarks.kept_result import KeptResult
from benchmarks.readme_tables import READMES, fill, read_results
from benchmarks.result import Environment, Tally

ENVIRONMENT = Environment("abc", False, "Linux", "a cpu", 2, "3.11", "2026-01-01T00:00", 0.5)
PAGE = "Before.\n<!-- table: peers -->\nold\n<!-- end of table -->\nAfter."


def kept(*answers_ms: float) -> KeptResult:
    tally = Tally()
    for value in answers_ms:
        tally.add("voice_to_voice", value)
    tally.count("false_cut_off, unfinished", 1, of=4)
    tally.errors["agent went on in between"] += 2
    result = KeptResult.begin("peers-field-vendor", ENVIRONMENT, {"sandbox": {}, "turns": 2})
    result.add({"vaarta": tally.result("peers", {}, ENVIRONMENT)}, asked=2)
    return result


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.parent.name)
def test_the_readmes_tables_are_made_from_the_results(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    assert "<!-- table:" in text
    assert fill(text, read_results()) == text


def test_a_row_shows_latency_cut_offs_and_errors_side_by_side() -> None:
    page = fill(PAGE, {"peers-field-vendor": kept(700.0, 900.0)})
    assert (
        "| field, vendor | **vaarta** | 800 / 890 (2) | - | - | 1 of 4 (25.0 %) | - | 2 |" in page
    )
    assert page.startswith("Before.\n<!-- table: peers -->\n")
    assert page.endswith("<!-- end of table -->\nAfter.")


def test_a_table_without_results_says_so() -> None:
    assert "Not measured" in fill(PAGE, {})


def test_a_later_run_adds_to_what_is_kept(tmp_path: Path) -> None:
    result = kept(700.0)
    result.write(tmp_path)
    read = read_results(tmp_path)["peers-field-vendor"]
    read.add({"vaarta": Tally().result("peers", {}, ENVIRONMENT)}, asked=8)
    other = Tally()
    other.add("voice_to_voice", 900.0)
    other.count("false_cut_off, unfinished", 0, of=4)
    read.add({"vaarta": other.result("peers", {}, ENVIRONMENT)}, asked=2)
    system = read.systems["vaarta"]
    assert (read.asked, system.samples_ms) == (12, {"voice_to_voice": [700.0, 900.0]})
    assert str(system.share("false_cut_off, unfinished")) == "1 of 8 (12.5 %)"
    assert system.errors == {"agent went on in between": 2}
    assert "sandbox" not in read.settings
