import json
from pathlib import Path

from benchmarks.result import BenchmarkResult, Environment, Tally

ENVIRONMENT = Environment(
    "abc", False, "Linux", "a cpu", 2, "3.11", "2026-01-01T00:00:00+00:00", 0.5
)


def result_of(tally: Tally) -> BenchmarkResult:
    return tally.result("response_latency", {"turns": 3}, ENVIRONMENT)


def test_an_unmeasured_stage_is_no_sample() -> None:
    tally = Tally()
    tally.add("stt_ms", 50)
    tally.add("stt_ms", None)
    summary = result_of(tally).summaries["stt_ms"]
    assert summary is not None
    assert summary.n == 1


def test_a_stage_that_was_never_measured_is_shown_as_such() -> None:
    tally = Tally()
    tally.add("stt_ms", None)
    assert result_of(tally).table().splitlines()[1].split() == ["stt_ms", "0", "-", "-", "-", "-"]


def test_warm_up_is_kept_apart() -> None:
    tally = Tally()
    tally.add_warm_up("voice_to_voice", 2000.0)
    tally.add("voice_to_voice", 500.0)
    result = result_of(tally)
    summary = result.summaries["voice_to_voice"]
    assert summary is not None
    assert (summary.n, summary.max) == (1, 500.0)
    assert result.warm_up_ms == {"voice_to_voice": [2000.0]}


def test_errors_and_discards_are_shown_by_cause() -> None:
    tally = Tally()
    tally.errors["no answer"] += 2
    tally.discards["caller late"] += 1
    assert result_of(tally).table().splitlines()[-2:] == [
        "errors: no answer 2",
        "discarded: caller late 1",
    ]


def test_the_written_result_holds_every_sample(tmp_path: Path) -> None:
    tally = Tally()
    for value in (500.04, 510.0):
        tally.add("voice_to_voice", value)
    result_of(tally).write(tmp_path / "result.json")
    written = json.loads((tmp_path / "result.json").read_text())
    assert written["samples_ms"] == {"voice_to_voice": [500.0, 510.0]}
    assert written["environment"]["commit"] == "abc"
    assert written["summaries"]["voice_to_voice"]["n"] == 2


def test_a_metric_can_be_looked_at_on_the_way() -> None:
    tally = Tally()
    assert tally.summary("transport_floor") is None
    tally.add("transport_floor", 115.0)
    summary = tally.summary("transport_floor")
    assert summary is not None
    assert summary.p50 == 115.0


def test_what_is_counted_stands_below_what_is_timed() -> None:
    tally = Tally()
    tally.add("barge_in", 150.0)
    tally.add_words("heard_text_off", 1)
    tally.count("words_lost", 0, 6)
    tally.count("words_lost", 2, 7)
    lines = result_of(tally).table().splitlines()
    assert [line.split()[0] for line in lines] == [
        "ms",
        "barge_in",
        "words",
        "heard_text_off",
        "words_lost:",
    ]
    assert lines[-1] == "words_lost: 2 of 13 (15.4 %)"
