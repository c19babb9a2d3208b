"""Caps of a plan: counted where nobody else can create, in the transaction that creates."""

from typing import Final

from core.errors import CapReached

LOCK_TENANT: Final = "SELECT FROM tenants WHERE id = $1 FOR NO KEY UPDATE"
"""Held until the transaction ends. Count in a statement of its own: the one that waits still sees
what was there before it waited."""


def require_room(what: str, most: int | None, n_there: int, n_more: int = 1) -> None:
    """Raises `CapReached` when `n_more` are too many beside those that are there; None: never."""
    if most is not None and n_there + n_more > most:
        raise CapReached(what, most)
