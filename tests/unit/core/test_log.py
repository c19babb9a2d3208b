import json
import logging
import sys
from typing import Any

import pytest

from core.log import JsonFormatter, attach_context, log_context


@pytest.fixture(autouse=True)
def _context_attached(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process of ours, undone at the test's end."""
    monkeypatch.setattr(logging, "_logRecordFactory", logging.getLogRecordFactory())
    attach_context()


def line_of(event: str, **extra: object) -> dict[str, Any]:
    record = logging.getLogger("t").makeRecord(
        "t", logging.INFO, __file__, 1, event, (), None, extra=extra
    )
    formatted: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return formatted


def test_a_line_is_one_object_with_event_and_values() -> None:
    line = line_of("turn.ended", total_ms=512)
    assert (line["event"], line["total_ms"], line["level"]) == ("turn.ended", 512, "info")


def test_a_line_break_stays_inside_the_line() -> None:
    record = logging.makeLogRecord({"msg": "one\ntwo"})
    assert "\n" not in JsonFormatter().format(record)


def test_ids_of_the_context_are_on_every_line_inside_only() -> None:
    with log_context(session_id="s1"), log_context(turn_id="t1"):
        inside = line_of("turn.ended")
    assert (inside["session_id"], inside["turn_id"]) == ("s1", "t1")
    assert "session_id" not in line_of("turn.ended")


def test_a_value_that_json_cannot_hold_is_shown_by_its_repr() -> None:
    assert line_of("x", where={1}.__class__)["where"] == "<class 'set'>"


def test_an_exception_is_kept_with_its_type() -> None:
    try:
        raise ValueError("seven")
    except ValueError:
        record = logging.makeLogRecord({"msg": "worker.failed", "exc_info": sys.exc_info()})
    assert "ValueError: seven" in json.loads(JsonFormatter().format(record))["exception"]
