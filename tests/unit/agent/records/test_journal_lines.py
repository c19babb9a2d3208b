"""What a journal's lines keep, and what is left of spoilt ones."""

import json
import zlib
from decimal import Decimal
from uuid import UUID

import pytest

from agent.records.journal_lines import contents_of, lines_of
from agent.records.rows import ChargesRow, EndRow, Mandate, Row, TurnRow
from store.ledger import Charge, Service
from store.records import EndReason, NewTurn, SessionId, Substitution, TurnId

MANDATE = Mandate(SessionId(UUID(int=7)), epoch=3)
CLOCK_BEGAN_AT = 1_800_000_000.0
USED = Charge(
    service=Service.STT,
    model="saaras:v4",
    credits=Decimal("0.020001"),
    audio_seconds=Decimal("1.5"),
)
TURN = NewTurn(
    id=TurnId(UUID(int=1)),
    turn_index=4,
    user_transcript="कब खुलते हैं?\n",
    agent_response="At\0 nine\ud800.",
    interrupted=True,
    stt_ms=60,
    caller_audio_s=1.25,
    tool_rounds=[[{"name": "hours", "result": None}]],
)
ROWS: list[Row] = [
    TurnRow(TURN, [USED]),
    Substitution("voice", "shreya", "anushka", "the provider refuses shreya"),
    ChargesRow([USED]),
    EndRow(EndReason.CALLER_HANGUP, over_since_s=512.0),
]


def journal(*rows: Row) -> bytes:
    return b"".join(lines_of(MANDATE, rows, CLOCK_BEGAN_AT))


def test_rows_come_back_as_they_were() -> None:
    contents = contents_of(journal(*ROWS), CLOCK_BEGAN_AT)

    assert contents.rows == [(MANDATE, row) for row in ROWS]
    assert (contents.n_spoilt, contents.is_torn) == (0, False)


def test_an_end_keeps_its_moment_for_another_process() -> None:
    kept = journal(EndRow(EndReason.CALLER_HANGUP, over_since_s=512.0))

    ((_, row),) = contents_of(kept, CLOCK_BEGAN_AT + 500.0).rows

    assert row == EndRow(EndReason.CALLER_HANGUP, over_since_s=12.0)


@pytest.mark.parametrize("n_missing", [1, 2, 40])
def test_a_torn_tail_takes_no_other_row_with_it(n_missing: int) -> None:
    contents = contents_of(journal(*ROWS)[:-n_missing], CLOCK_BEGAN_AT)

    assert [row for _, row in contents.rows] == ROWS[:-1]
    assert (contents.n_spoilt, contents.is_torn) == (0, True)


def test_a_spoilt_line_takes_no_other_row_with_it() -> None:
    lines = lines_of(MANDATE, ROWS, CLOCK_BEGAN_AT)
    lines[1] = lines[1].replace(b"anushka", b"Anushka")

    contents = contents_of(b"".join(lines), CLOCK_BEGAN_AT)

    assert [row for _, row in contents.rows] == [ROWS[0], *ROWS[2:]]
    assert (contents.n_spoilt, contents.is_torn) == (1, False)


@pytest.mark.parametrize(
    "data", [b"\n", b"\0\n", b"00000000 {}\n", b"a3 [1]\n", b"zzzzzzzz {}\n", b"\xff\xfe\n"]
)
def test_what_is_no_line_is_spoilt(data: bytes) -> None:
    assert contents_of(data, CLOCK_BEGAN_AT).n_spoilt == 1


def test_nothing_is_an_empty_journal() -> None:
    contents = contents_of(b"", CLOCK_BEGAN_AT)

    assert (contents.rows, contents.n_spoilt, contents.is_torn) == ([], 0, False)


@pytest.mark.parametrize("values", [{"kind": "mood"}, {"kind": "end", "reason": "bored"}, [], 1])
def test_a_row_that_this_version_does_not_know_is_spoilt(values: object) -> None:
    text = json.dumps(values).encode()

    contents = contents_of(b"%08x %s\n" % (zlib.crc32(text), text), CLOCK_BEGAN_AT)

    assert (contents.rows, contents.n_spoilt) == ([], 1)
