"""Rows as the lines of a journal: each with its session and epoch, each with its own checksum.

    3f2a9c01 {"session_id": …, "epoch": 2, "kind": "turn", "turn": …, "charges": […]}

A line stands for itself: one that a crash or a disk spoilt takes no other with it.
"""

import json
import zlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, assert_never
from uuid import UUID

from agent.records.rows import ChargesRow, EndRow, Mandate, Row, TurnRow, kind_of
from store.kept import charge_of, charge_to_json, turn_of, turn_to_json
from store.ledger import Charge
from store.records import EndReason, SessionId, Substitution

_CRC_CHARS: Final = 8


@dataclass(frozen=True, slots=True)
class Contents:
    """What a journal holds. `n_spoilt` lines are whole and cannot be understood; `is_torn` says
    that its last one is not whole."""

    rows: Sequence[tuple[Mandate, Row]]
    n_spoilt: int
    is_torn: bool


def lines_of(mandate: Mandate, rows: Collection[Row], clock_began_at: float) -> list[bytes]:
    """A line for each. `clock_began_at` is the Unix time at which the loop's clock was 0: an end
    is kept with its moment by the clock on the wall, which outlives the process."""
    return [_line(mandate, row, clock_began_at) for row in rows]


def contents_of(data: bytes, clock_began_at: float) -> Contents:
    """What can be understood of `data`; nothing is raised."""
    *lines, rest = data.split(b"\n")
    read = [_read(line, clock_began_at) for line in lines]
    rows = [one for one in read if one is not None]
    return Contents(rows, n_spoilt=len(read) - len(rows), is_torn=bool(rest))


def _line(mandate: Mandate, row: Row, clock_began_at: float) -> bytes:
    kept = {
        "session_id": str(mandate.session_id),
        "epoch": mandate.epoch,
        "kind": kind_of(row),
        **_values(row, clock_began_at),
    }
    # ASCII, so that half a surrogate pair, which a model may say, comes back as it was.
    text = json.dumps(kept, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _values(row: Row, clock_began_at: float) -> dict[str, Any]:
    match row:
        case TurnRow():
            return {"turn": turn_to_json(row.turn), "charges": _charges_to_json(row.charges)}
        case ChargesRow():
            return {"charges": _charges_to_json(row.charges)}
        case Substitution():
            return {"substitution": asdict(row)}
        case EndRow():
            return {"reason": row.reason.value, "over_at": row.over_since_s + clock_began_at}
        case _:
            assert_never(row)


def _charges_to_json(charges: Sequence[Charge]) -> list[dict[str, Any]]:
    return [charge_to_json(one) for one in charges]


def _read(line: bytes, clock_began_at: float) -> tuple[Mandate, Row] | None:
    crc, text = line[:_CRC_CHARS], line[_CRC_CHARS + 1 :]
    try:
        if int(crc, 16) != zlib.crc32(text):
            return None
        kept = json.loads(text)
        mandate = Mandate(SessionId(UUID(kept["session_id"])), kept["epoch"])
        return mandate, _row_of(kept, clock_began_at)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        return None  # a disk's fault, or a row of a version to come


def _row_of(kept: dict[str, Any], clock_began_at: float) -> Row:
    match kept["kind"]:
        case "turn":
            return TurnRow(turn_of(kept["turn"]), _charges_of(kept))
        case "charges":
            return ChargesRow(_charges_of(kept))
        case "substitution":
            return Substitution(**kept["substitution"])
        case "end":
            return EndRow(EndReason(kept["reason"]), kept["over_at"] - clock_began_at)
        case kind:
            raise ValueError(kind)


def _charges_of(kept: dict[str, Any]) -> list[Charge]:
    return [charge_of(one) for one in kept["charges"]]
