"""What is done about an HTTP answer: whether it is this request, this host, or this moment."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from core.errors import ProviderBusy, ProviderDenied, ProviderRefused
from pipeline.providers.http_errors import from_status, seconds_of


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, ProviderRefused),
        (413, ProviderRefused),
        (422, ProviderRefused),
        (401, ProviderDenied),
        (402, ProviderDenied),
        (403, ProviderDenied),
        (404, ProviderDenied),
        (405, ProviderDenied),
        (410, ProviderDenied),
        (408, ProviderBusy),
        (409, ProviderBusy),
        (425, ProviderBusy),
        (429, ProviderBusy),
        (500, ProviderBusy),
        (503, ProviderBusy),
        (529, ProviderBusy),
    ],
)
def test_a_status_tells_whose_fault_it_is(status: int, expected: type[Exception]) -> None:
    error = from_status("host", status)
    assert type(error) is expected
    assert error.reason == f"HTTP {status}"


@pytest.mark.parametrize(
    "details",
    [
        {"code": "insufficient_quota_error"},
        {"code": "insufficient_quota", "type": "insufficient_quota"},
        {"type": "exceeded_current_quota_error"},
    ],
)
def test_a_spent_account_is_no_rate_limit(details: dict[str, Any]) -> None:
    assert type(from_status("host", 429, details)) is ProviderDenied


def test_a_rate_limit_says_how_long_it_lasts() -> None:
    busy = from_status("host", 429, {"code": "rate_limit_exceeded_error"}, retry_after="7")
    assert isinstance(busy, ProviderBusy)
    assert busy.wait_s == 7.0


def test_words_that_are_not_allowed_are_no_bad_key() -> None:
    moderation = {"code": 403, "metadata": {"reasons": ["violence"], "flagged_input": "..."}}
    assert type(from_status("host", 403, moderation)) is ProviderRefused


def test_a_body_of_any_shape_is_looked_at() -> None:
    bodies: list[object] = [None, "no", [], {"code": None}, {"metadata": "x"}, {"code": 429}]
    for body in bodies:
        assert isinstance(from_status("host", 429, body), ProviderBusy)


@pytest.mark.parametrize("text", ["", "soon", "Mon, 99 Foo 2026"])
def test_a_wait_that_says_nothing_is_none(text: str) -> None:
    assert seconds_of(text) is None


def test_a_wait_may_be_a_moment() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert seconds_of(later) == pytest.approx(30, abs=2)
    assert seconds_of("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert seconds_of("0.5") == 0.5
