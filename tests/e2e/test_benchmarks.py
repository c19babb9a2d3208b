"""The benchmarks as commands, tiny: they run and write what they say, whatever the figures are."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.burst import CREATED, REFUSED
from benchmarks.greeting import METRIC, MOMENTS
from tests.benchmark_run import written_by

pytestmark = pytest.mark.lengthy


def counted(result: dict[str, Any], metric: str) -> int:
    """Turns that gave a figure, and those that say nothing because this machine was busy."""
    return len(result["samples_ms"].get(metric, ())) + int(sum(result["discards"].values()))


async def test_a_peer_is_measured_beside_ours_in_one_run(tmp_path: Path) -> None:
    options = ("--turns", "1", "--questions", "2", "--systems", "vaarta,livekit-200")
    result = await written_by("peers", *options, folder=tmp_path)
    assert list(result["systems"]) == ["vaarta", "livekit-200"]
    for system in result["systems"].values():
        assert system["errors"] == {}
        assert counted(system, "voice_to_voice") == 1
        assert len(system["samples_ms"]["connect_to_greeting"]) == 1


@pytest.mark.parametrize(
    ("module", "metric"), [("barge_in", "barge_in"), ("false_interruption", "audible_gap")]
)
async def test_the_callers_sounds_over_an_answer_are_measured(
    module: str, metric: str, tmp_path: Path
) -> None:
    result = await written_by(module, "--turns", "1", "--warm-up", "0", folder=tmp_path)
    assert result["errors"] == {}
    assert counted(result, metric) == 1
    assert all("words" in name or share["of"] == 1 for name, share in result["shares"].items())


async def test_every_moment_until_the_greeting_is_heard_is_measured(tmp_path: Path) -> None:
    options = ("--calls", "2", "--sessions", "2", "--warm-up", "0")
    result = await written_by("greeting", *options, folder=tmp_path)
    assert result["errors"] == {}
    samples = result["samples_ms"]
    assert counted(result, METRIC) == 2
    assert {len(of) for of in samples.values()} <= {len(samples.get(METRIC, ()))}
    assert not samples or set(samples) == set(MOMENTS)
    assert not samples or min(samples[METRIC]) > min(samples["agent: published"])


async def test_a_burst_beyond_the_places_is_measured(tmp_path: Path) -> None:
    options = ("--creates", "3", "--places", "2", "--connect-over", "1")
    result = await written_by("burst", *options, folder=tmp_path)
    assert result["errors"] == {}
    assert {name: len(of) for name, of in result["samples_ms"].items()} == {
        CREATED: 2,
        REFUSED: 1,
        METRIC: 2,
    }
    assert result["shares"]["silent rooms"] == {"hits": 0, "of": 2}


@pytest.mark.parametrize("module", ["response_latency", "turn_taking"])
async def test_answers_are_measured_and_the_report_is_written(module: str, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    options = ("--turns", "1", "--warm-up", "0", "--html", str(report))
    result = await written_by(module, *options, folder=tmp_path)
    assert result["errors"] == {}
    after_cut_off = result["samples_ms"].get("voice_to_voice_after_cut_off", ())
    assert counted(result, "voice_to_voice") + len(after_cut_off) == 1
    assert report.read_text().endswith("</html>\n")


async def test_a_sessions_cost_is_measured_beside_the_bare_sdk(tmp_path: Path) -> None:
    result = await written_by("density", "--sessions", "1", "--seconds", "12", folder=tmp_path)
    ours, bare = result["costs"]
    assert (ours["system"], bare["system"]) == ("vaarta", "bare")
    for cost in (ours, bare):
        assert cost["held"]["work"]["cpu_s"] > 0
        assert cost["held"]["media"]["answered_s"] > 0
        assert cost["held"]["memory"]["pss_mb"] > cost["start"]["pss_mb"]
