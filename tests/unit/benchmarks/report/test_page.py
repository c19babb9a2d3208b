import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from benchmarks.report.page import write_report, write_sweep_report
from benchmarks.result import BenchmarkResult, Environment, Tally
from benchmarks.stats import Share, summarise
from benchmarks.sweep.policies import DEFAULT_SERIES, SILENCE_SERIES
from benchmarks.sweep.result import SweepPoint, SweepResult

ENVIRONMENT = Environment("abc", True, "Linux", "a <cpu>", 2, "3.11", "2026-01-01T00:00:00", 0.5)
STAGES = {
    "eou_delay_ms": 210,
    "stt_ms": 160,
    "first_token_ms": 120,
    "tts_ttfb_ms": 80,
    "first_audio_ms": 320,
    "speech_ended_at_ms": 9000,
    "llm_requested_at_ms": 8900,
    "tts_requested_at_ms": 9100,
}
VOID = {"meta", "rect", "line", "polyline"}


class Balance(HTMLParser):
    """Which elements are open; raises where one is closed that is not."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def result_of(*took_ms: float) -> BenchmarkResult:
    tally = Tally()
    for value in took_ms:
        tally.add("voice_to_voice", value)
        tally.turns.append({"clip": "a&b.wav", "voice_to_voice": value, **STAGES})
    tally.count("false_cut_off", 1, 4)
    tally.count("false_cut_off, complete, 900 ms", 1, 3)
    tally.errors["no answer <here>"] += 1
    return tally.result("response_latency", {"turns": 3}, ENVIRONMENT)


def page_of(path: Path) -> str:
    page = path.read_text(encoding="utf-8")
    balance = Balance()
    balance.feed(page.removeprefix("<!doctype html>"))
    assert balance.open == []
    assert "script" not in balance.seen
    assert not re.search(r"(https?:)?//\w|@import|url\(|src=|href=", page)
    return page


@pytest.fixture
def page(tmp_path: Path) -> str:
    result = result_of(400.0, 430.0, 520.0)
    path = tmp_path / "report.html"
    write_report(path, "Response latency", {"vaarta": result}, result.settings, ENVIRONMENT)
    return page_of(path)


def test_the_report_holds_the_figures_the_drawings_and_the_environment(page: str) -> None:
    assert "430 <small>ms" in page
    assert 'aria-label="distribution of voice_to_voice"' in page
    assert 'aria-label="stages of four turns"' in page
    assert "abc with changes" in page
    assert ">25</td>" in page
    assert ">1 of 3</span>" in page


def test_what_comes_from_outside_is_escaped(page: str) -> None:
    assert "no answer &lt;here&gt;" in page
    assert "a &lt;cpu&gt;" in page
    assert "a&amp;b.wav" in page


def test_systems_stand_side_by_side(tmp_path: Path) -> None:
    ours, peer = result_of(400.0), result_of(900.0)
    path = tmp_path / "report.html"
    write_report(path, "Peers", {"vaarta": ours, "other": peer}, {}, ENVIRONMENT)
    page = page_of(path)
    assert "other (n 1)" in page
    assert "Where the time went: other" in page


def test_what_is_counted_in_words_is_no_duration(tmp_path: Path) -> None:
    tally = Tally()
    tally.add_words("heard_text_off", 1)
    result = tally.result("barge_in", {}, ENVIRONMENT)
    path = tmp_path / "report.html"
    write_report(path, "Barge-in", {"vaarta": result}, {}, ENVIRONMENT)
    assert "metric, words" in page_of(path)


def test_a_result_without_any_turn_has_a_report(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    empty = Tally().result("response_latency", {}, ENVIRONMENT)
    write_report(path, "Response latency", {"vaarta": empty}, {}, ENVIRONMENT)
    assert "No turn failed" in page_of(path)


def test_the_sweeps_report_rings_todays_default(tmp_path: Path) -> None:
    path = tmp_path / "sweep.html"
    points = [point(DEFAULT_SERIES, 5, 400.0), point(SILENCE_SERIES, 20, 350.0)]
    write_sweep_report(path, SweepResult("turn_taking, sweep", points, {}, ENVIRONMENT))
    page = page_of(path)
    assert page.count('class="ring"') == 3
    assert "50 <small>%" in page


def point(series: str, hits: int, mean_ms: float) -> SweepPoint:
    return SweepPoint(
        series=series,
        punctuation="vendor",
        parameters={"min_delay_s": 0.2, "max_delay_s": 1.2},
        cut_offs=Share(hits, 40),
        unfinished=Share(hits, 10),
        complete=Share(0, 30),
        taken_back=Share(0, 0),
        dead_air_ms=summarise([mean_ms]),
        mean_dead_air_ms=mean_ms,
        unanswered=0,
        not_whole=0,
    )
