"""Rows and what they know about themselves."""

import pytest

from store.records import EndReason, SessionStatus


@pytest.mark.parametrize(
    ("status", "reasons"),
    [
        (
            SessionStatus.COMPLETED,
            "caller_hangup agent_closed max_duration no_input budget_exhausted api_delete",
        ),
        (SessionStatus.FAILED, "agent_error start_failed concurrency_limit"),
        (SessionStatus.TIMEOUT, "timeout token_expired"),
    ],
)
def test_a_status_is_reached_by_its_own_reasons_only(status: SessionStatus, reasons: str) -> None:
    assert [one.value for one in EndReason if one.status is status] == reasons.split()
