"""The tool rounds of an exchange as JSON: what the store keeps of them, and what is read back.

    [[{"id": "call_1", "name": "book_table", "arguments": "{}", "result": "booked",
       "outcome": "succeeded", "began_at_ms": 8200, "duration_ms": 310}, …], …]

`result` and `outcome` are null where nothing came of the call; `"is_cut": true` says that arguments
or result are not all there was. What cannot be understood is left out.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from pipeline.history import MAX_RESULT_CHARS, shortened
from pipeline.ports import Outcome, ToolCall
from pipeline.stored_json import Stored, storable
from pipeline.tool_use import Called

RoundsJson = list[list[dict[str, Any]]]

MAX_ROUNDS_BYTES: Final = 20 * 1024
"""Of all rounds of one exchange."""
MAX_CALLS_KEPT: Final = 16
"""Of one round: more than are ever made."""
MAX_NAME_CHARS: Final = 128
MAX_ARGUMENTS_CHARS: Final = 2000
_SHORTER: Final = (MAX_RESULT_CHARS, 1000, 500, 200, 50, 0)


def rounds_to_json(rounds: Sequence[Sequence[Called]], began_at: float = 0.0) -> RoundsJson:
    """The calls of a conversation that began then; results are shortened as for a later turn, and
    more where there are many."""
    made: RoundsJson = []
    for n_chars in _SHORTER:
        made = [
            [_to_json(one, n_chars, began_at) for one in called[:MAX_CALLS_KEPT]]
            for called in rounds
        ]
        if len(json.dumps(made, ensure_ascii=False).encode()) <= MAX_ROUNDS_BYTES:
            break
    return made


def rounds_from_json(data: object) -> list[list[Called]]:
    """The calls that `data` tells of; none where it is no such JSON."""
    rounds = [_round_of(called) for called in data] if isinstance(data, list) else []
    return [called for called in rounds if called]


def _round_of(data: object) -> list[Called]:
    made = [_from_json(Stored.read(one)) for one in data] if isinstance(data, list) else []
    return [called for called in made if called is not None]


def _to_json(called: Called, n_chars: int, began_at: float) -> dict[str, Any]:
    call, result = called.call, called.result
    is_long = len(call.arguments) > min(n_chars, MAX_ARGUMENTS_CHARS)
    is_cut = called.is_cut or is_long or len(result or "") > n_chars
    return {
        "id": storable(call.id, MAX_NAME_CHARS),
        "name": storable(call.name, MAX_NAME_CHARS),
        # Half an object is none: models' hosts refuse a history that holds one.
        "arguments": "{}" if is_long else storable(call.arguments, MAX_ARGUMENTS_CHARS),
        "result": None if result is None else storable(shortened(result, n_chars), 2 * n_chars),
        "outcome": called.outcome,
        "began_at_ms": _began_at_ms(called, began_at),
        "duration_ms": called.duration_ms,
        **({"is_cut": True} if is_cut else {}),
    }


def _began_at_ms(called: Called, began_at: float) -> int | None:
    if called.began_at is None:
        return called.began_at_ms
    return max(0, round(1000 * (called.began_at - began_at)))


def _from_json(stored: Stored) -> Called | None:
    """A call without an id or a name is none."""
    call = ToolCall(stored.text("id"), stored.text("name"), stored.text("arguments") or "{}")
    if not call.id or not call.name:
        return None
    result, outcome = stored.values.get("result"), stored.text("outcome")
    return Called(
        call,
        result if isinstance(result, str) else None,
        Outcome(outcome) if outcome in set(Outcome) else None,
        began_at_ms=_known(stored, "began_at_ms"),
        duration_ms=_known(stored, "duration_ms"),
        is_cut=stored.flag("is_cut"),
    )


def _known(stored: Stored, key: str) -> int | None:
    return stored.whole(key) if isinstance(stored.values.get(key), int) else None
