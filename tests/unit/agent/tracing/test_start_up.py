"""The moments of a session's start, as an operator sees them."""

import logging
from types import SimpleNamespace
from typing import Any, cast

import pytest
from livekit.agents import JobContext
from prometheus_client import REGISTRY

from agent.tracing.start_up import StartUp


def observed(moment: str) -> float:
    return REGISTRY.get_sample_value("vaarta_start_seconds_count", {"moment": moment}) or 0.0


def told(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    (line,) = [record for record in caplog.records if record.message == "session.greeted"]
    return {name: value for name, value in vars(line).items() if name.endswith(("_ms", "_at"))}


def test_each_moment_is_told_once_by_how_late_it_was(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    moments = iter([1000.05, 1000.2, 1000.25])
    start = StartUp(1000.0, lambda: next(moments))
    n_before = observed("sounded")
    start.mark("claimed")
    start.mark("joined")
    start.mark("joined")
    start.tell()
    start.tell()
    times = {"claimed_ms": 50, "joined_ms": 200, "sounded_ms": 250}
    assert told(caplog) == {"offered_at": 1000.0, **times}
    assert observed("sounded") == n_before + 1


def test_a_job_brings_what_was_stamped_before_its_process(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    stamps = SimpleNamespace(
        received_at=1000.0, accepted_at=1000.004, assigned_at=1000.006, launched_at=0.0
    )
    StartUp.of(cast(JobContext, SimpleNamespace(_info=stamps))).tell()
    seen = told(caplog)
    assert (seen["accepted_ms"], seen["assigned_ms"]) == (4, 6)
    assert "launched_ms" not in seen
    assert seen["entered_ms"] > 0


def test_a_clock_that_was_set_back_makes_nothing_negative(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    start = StartUp(1000.0, lambda: 990.0)
    start.mark("claimed")
    start.tell()
    assert told(caplog)["claimed_ms"] == 0


def test_since_its_offer_no_time_has_passed_where_the_clock_was_set_back() -> None:
    moments = iter([1002.5, 990.0])
    start = StartUp(1000.0, lambda: next(moments))

    assert (start.elapsed_s(), start.elapsed_s()) == (2.5, 0.0)
