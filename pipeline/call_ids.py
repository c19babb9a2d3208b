"""Ids of calls: unique in a conversation, and in the form that the model's host gives them.

Models are shown the ids, and some write the next one like those: one of a form that they have
never seen makes them fall silent, or is said aloud.
"""

import hashlib
import re
import secrets
import string
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.ports import ToolCall

_COUNTED: Final = re.compile(r"^(|.*[^A-Za-z0-9])(\d{1,6})$", re.DOTALL)
_TAIL: Final = re.compile(r"[A-Za-z0-9]+$")
_FIRST: Final = "call_0"


def distinct(call: ToolCall, earlier: Sequence[ToolCall]) -> ToolCall:
    """The call under its own id, or where an earlier one has that, under the next one like it.

    One without an id is given one like the last that the host gave.
    """
    used = {one.id for one in earlier}
    if call.id and call.id not in used:
        return call
    wanted = call.id
    if not wanted:
        last = earlier[-1] if earlier else ToolCall(_FIRST, call.name, "")
        wanted = last.id.replace(last.name, call.name)
    return replace(call, id=_next_like(wanted, used) if wanted in used else wanted)


def in_form(form: str, name: str, n: int) -> str:
    """The id of a conversation's call number `n`, from 0, in a form of the catalog: `{name}` and
    `{n}` stand for themselves, `{nine}` for nine letters and digits."""
    letters = hashlib.sha256(f"{name} {n}".encode()).hexdigest()[:9]
    return form.format(name=name, n=n, nine=letters)


def _next_like(call_id: str, used: set[str]) -> str:
    if counted := _COUNTED.match(call_id):
        n = int(counted[2])
        while f"{counted[1]}{n}" in used:
            n += 1
        return f"{counted[1]}{n}"
    tail = _TAIL.search(call_id)
    if tail is None or len(tail.group()) < 6:
        return _next_like(f"{call_id}_1", used)
    while (found := call_id[: tail.start()] + _random_like(tail.group())) in used:
        pass
    return found


def _random_like(text: str) -> str:
    letters = string.digits + "abcdef"
    if not set(text) <= set(letters):
        letters = string.digits + string.ascii_lowercase
    if not set(text) <= set(letters):
        letters += string.ascii_uppercase
    return "".join(secrets.choice(letters) for _ in text)
