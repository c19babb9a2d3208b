"""What a dispatch may tell a job: whoever may dispatch agents may write anything in it."""

import json
from uuid import UUID

import pytest

from store.records import SessionId
from store.summons import Summons

SESSION = SessionId(UUID(int=7))


def told(**fields: object) -> str:
    return json.dumps({"session_id": str(SESSION), **fields})


@pytest.mark.parametrize(
    "summons",
    [
        Summons(SESSION),
        Summons(SESSION, 3),
        Summons(SESSION, 4, predecessor="AJ_5xGcC2cGmVxY"),
        Summons(SESSION, waits_s=60),
        Summons(SESSION, traceparent=f"00-{'a' * 32}-{'b' * 16}-01"),
    ],
)
def test_what_is_written_is_read_again(summons: Summons) -> None:
    assert Summons.read(summons.written()) == summons


def test_a_dispatch_that_names_a_session_alone_is_for_its_first_agent() -> None:
    assert Summons.read(told()) == Summons(SESSION)


def test_each_agent_of_a_session_has_an_identity_of_its_own() -> None:
    identities = [Summons(SESSION, seat).identity for seat in range(3)]
    assert identities == [f"agent-{SESSION}", f"agent-{SESSION}-1", f"agent-{SESSION}-2"]


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "agent",
        "[]",
        "null",
        "7",
        '"session_id"',
        "{}",
        '{"session_id": null}',
        '{"session_id": 7}',
        '{"session_id": ["a"]}',
        '{"session_id": "7"}',
        '{"session_id": "' + 100_000 * "7" + '"}',
        '{"session_id": ',
        100_000 * "[",
        100_000 * '{"session_id":',
    ],
    ids=lambda metadata: metadata[:20],
)
def test_what_names_no_session_is_no_summons(metadata: str) -> None:
    assert Summons.read(metadata) is None


@pytest.mark.parametrize("seat", [-1, 2**31, 10**30, 2.7, "3", True, None, [], {}, float("inf")])
def test_no_agent_sits_on_a_seat_that_there_cannot_be(seat: object) -> None:
    assert Summons.read(told(seat=seat)) is None


def test_a_number_too_long_to_be_read_is_no_seat() -> None:
    assert Summons.read(told(seat=0).replace("0}", 5000 * "9" + "}")) is None


@pytest.mark.parametrize("predecessor", [7, True, [], {"a": 1}, "", "a\0", "\ud800", 1000 * "a"])
def test_nobody_replaces_what_cannot_be_a_job(predecessor: object) -> None:
    assert Summons.read(told(predecessor=predecessor)) is None


@pytest.mark.parametrize("waits_s", [-1, 61, 10**30, 2.5, "3", True, None, [], float("nan")])
def test_nobody_waits_for_a_caller_for_longer_than_may_be(waits_s: object) -> None:
    assert Summons.read(told(waits_s=waits_s)) is None


@pytest.mark.parametrize(
    "traceparent", [7, None, [], "", "00-a-b-01", f"00-{'A' * 32}-{'b' * 16}-01"]
)
def test_what_is_no_trace_is_passed_over(traceparent: object) -> None:
    assert Summons.read(told(traceparent=traceparent)) == Summons(SESSION)
