import json
from pathlib import Path

from benchmarks.comparison import Comparison
from benchmarks.result import BenchmarkResult, Environment, Tally

ENVIRONMENT = Environment(
    "abc", False, "Linux", "a cpu", 2, "3.11", "2026-01-01T00:00:00+00:00", 0.5
)


def measured(*voice_to_voice_ms: float) -> BenchmarkResult:
    tally = Tally()
    for value in voice_to_voice_ms:
        tally.add("voice_to_voice", value)
    return tally.result("peers", {}, ENVIRONMENT)


def comparison(**systems: BenchmarkResult) -> Comparison:
    return Comparison("peers", "ours", systems, {}, ENVIRONMENT)


def test_a_ratio_below_one_says_that_ours_is_faster() -> None:
    compared = comparison(ours=measured(400.0), slow=measured(1200.0), fast=measured(800.0))
    assert compared.ratio("voice_to_voice", "slow") == 0.333
    assert compared.ratio("voice_to_voice", "fast") == 0.5


def test_the_headline_is_against_the_fastest_peer() -> None:
    compared = comparison(ours=measured(400.0), slow=measured(1200.0), fast=measured(800.0))
    assert compared.best_peer() == "fast"
    assert compared.table().splitlines()[-1] == ("voice_to_voice p50: 0.50 x the best peer (fast)")


def test_a_peer_that_never_answered_is_no_peer_to_be_faster_than() -> None:
    silent = Tally()
    silent.errors["no answer"] += 3
    compared = comparison(ours=measured(400.0), silent=silent.result("peers", {}, ENVIRONMENT))
    assert compared.best_peer() is None
    assert compared.ratio("voice_to_voice", "silent") is None
    assert compared.table().splitlines()[-2:] == [
        "silent: errors {'no answer': 3}",
        "voice_to_voice: nothing to compare",
    ]


def test_the_written_comparison_holds_a_section_a_system_and_the_ratios(tmp_path: Path) -> None:
    comparison(ours=measured(400.0, 410.0), peer=measured(800.0)).write(tmp_path / "peers.json")
    written = json.loads((tmp_path / "peers.json").read_text())
    assert written["systems"]["ours"]["samples_ms"] == {"voice_to_voice": [400.0, 410.0]}
    assert written["ratios"] == {"voice_to_voice": {"peer": 0.506}}
    assert (written["best_peer"], written["ratio_to_best_peer"]) == ("peer", 0.506)
