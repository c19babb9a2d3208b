"""Calls as they come in pieces, put together.

Vendors' own stream tells pieces apart by an index and names each call once, with its id. Elsewhere
parallel calls share an index, ids are empty, missing, new in each piece or the same for all calls,
names are repeated or come in pieces themselves, and one text holds the arguments of several calls.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.ports import Tool, ToolCall
from pipeline.providers.chat_call_forms import json_values, known_name
from pipeline.providers.chat_calls import is_whole


@dataclass(slots=True)
class _Open:
    """A call that may go on."""

    index: int | None
    id: str
    name: str
    arguments: str

    @property
    def is_complete(self) -> bool:
        return is_whole(ToolCall("", self.name, self.arguments), ())


class CallDeltas:
    """The calls of one answer. `is_cut` tells, after `settle`, that one was not whole."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self.is_cut = False
        self._tools = tools
        self._names = {tool.name for tool in tools}
        self._calls: list[_Open] = []

    def __bool__(self) -> bool:
        return bool(self._calls)

    def take(self, deltas: Sequence[Any]) -> None:
        """The pieces of one chunk. Two that are named belong to two calls."""
        touched: list[_Open] = []
        for delta in deltas:
            piece = _read(delta)
            call = self._continued(piece, touched)
            if call is None:
                if not (piece.id or piece.name or piece.arguments):
                    continue
                self._calls.append(call := piece)
            touched.append(call)

    def settle(self, *, is_clean: bool) -> list[ToolCall]:
        """All calls. Where the end `is_clean`, also those whose arguments are no JSON: the model
        is told so."""
        calls: list[ToolCall] = []
        for one in self._calls:
            calls += self._apart(one)
        self._calls = []
        whole = [one for one in calls if one.name and (is_clean or is_whole(one, self._tools))]
        self.is_cut |= len(whole) < len(calls)
        return whole

    def _apart(self, one: _Open) -> list[ToolCall]:
        """The call, or several whose arguments were written behind each other."""
        name = known_name(one.name, self._tools)
        texts = _each(one.arguments)
        return [ToolCall("" if at else one.id, name, text) for at, text in enumerate(texts)]

    def _continued(self, piece: _Open, touched: list[_Open]) -> _Open | None:
        """The call that the piece belongs to, with the piece added; None for a new one."""
        call = self._candidate(piece)
        if call is None or (piece.name and call in touched) or self._is_another(piece, call):
            return None
        if piece.name != call.name:
            call.name += piece.name
        call.id = call.id or piece.id
        if not (call.is_complete and piece.arguments in ("", call.arguments)):
            call.arguments += piece.arguments
        return call

    def _candidate(self, piece: _Open) -> _Open | None:
        latest = self._calls[-1] if self._calls else None
        of_id = [one for one in self._calls if piece.id and one.id == piece.id]
        if of_id:
            return of_id[-1]
        of_index = [one for one in self._calls if one.index == piece.index]
        if piece.index is not None and of_index:
            return of_index[-1]
        goes_on = latest is not None and not piece.name and not latest.is_complete
        return latest if goes_on or piece.index is None else None

    def _is_another(self, piece: _Open, call: _Open) -> bool:
        if not piece.name or not call.name:
            return False
        if piece.name != call.name:
            whole = call.name + piece.name
            is_rest = not call.arguments and call.name not in self._names
            return not (is_rest and any(name.startswith(whole) for name in self._names))
        if piece.id and call.id and piece.id != call.id:
            return call.is_complete or not call.arguments or piece.arguments.startswith("{")
        return call.is_complete and piece.arguments not in ("", call.arguments)


def _read(delta: Any) -> _Open:
    function = getattr(delta, "function", None) or delta
    arguments = getattr(function, "arguments", None)
    if arguments is not None and not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    index = getattr(delta, "index", None)
    return _Open(
        index if isinstance(index, int) else None,
        str(getattr(delta, "id", None) or ""),
        str(getattr(function, "name", None) or ""),
        arguments or "",
    )


def _each(arguments: str) -> list[str]:
    """The arguments of the one call, or of several that were written behind each other."""
    text = arguments.strip() or "{}"
    try:
        found = json.loads(text)
        return [found if isinstance(found, str) else text]
    except (ValueError, RecursionError):
        pass
    objects = [one for one in json_values(text) if isinstance(one, dict)]
    if len(objects) < 2 or not text.endswith("}"):
        return [text]
    return [json.dumps(one, ensure_ascii=False) for one in objects if one]
