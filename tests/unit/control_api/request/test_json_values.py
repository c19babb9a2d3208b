"""Values as the API writes them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from control_api.request.json_values import moment

STARTED = datetime(2026, 4, 19, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (None, None),
        (STARTED, "2026-04-19T12:00:00.000Z"),
        (
            datetime(2026, 4, 19, 17, 30, 0, 1500, timezone(timedelta(hours=5.5))),
            "2026-04-19T12:00:00.001Z",
        ),
    ],
)
def test_times_are_utc(at: datetime | None, shown: str | None) -> None:
    assert moment(at) == shown
