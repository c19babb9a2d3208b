from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.field_table import Order, Part, parse_order, parts
from benchmarks.kept_result import KeptResult, code_commit
from benchmarks.result import Environment, Tally

ENVIRONMENT = Environment("abc", False, "Linux", "a cpu", 2, "3.11", "2026-01-01T00:00", 0.5)
PEERS = Part("peers", "field")
ORDER = Order(n=24, systems=("vaarta", "livekit-200"), folder=Path())


def kept(asked: int, *systems: str) -> KeptResult:
    result = KeptResult.begin(PEERS.name, ENVIRONMENT, {})
    result.add({name: Tally().result("peers", {}, ENVIRONMENT) for name in systems}, asked)
    return result


def test_both_profiles_and_every_habit_are_parts_and_the_field_is_first() -> None:
    names = [part.name for part in parts()]
    assert names[:2] == ["peers-field-vendor", "peers-lab-vendor"]
    assert len(set(names)) == len(names) == 21
    assert {"pauses-lab-always", "latency-field-never", "latency-field-vendor-lossy"} <= {*names}


@pytest.mark.parametrize(("asked", "due"), [(0, 8), (16, 8), (24, 0)])
def test_a_part_goes_on_where_it_was_until_there_is_enough(asked: int, due: int) -> None:
    assert ORDER.due(PEERS, kept(asked, *ORDER.systems)) == due


def test_what_another_commit_measured_does_not_count() -> None:
    assert code_commit() != "unknown"
    assert ORDER.due(PEERS, replace(kept(24, *ORDER.systems), commit="other")) == 8


def test_a_system_that_was_not_measured_yet_is_due() -> None:
    assert ORDER.due(PEERS, kept(24, "vaarta")) == 8


def test_the_sentences_with_pauses_are_played_once() -> None:
    pauses = Part("pauses", "lab", "never")
    assert ORDER.due(pauses, None) == 59
    assert ORDER.due(pauses, kept(59, "vaarta")) == 0


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_order(["--parts", "peers-moon-vendor"])
    assert "peers-moon-vendor is none of" in capsys.readouterr().err
