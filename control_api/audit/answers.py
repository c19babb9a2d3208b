"""Entries of the audit as the API shows them."""

from typing import Annotated, Any, Self

from control_api.access.actors import Actor
from control_api.request.shown import WHERE_ANY, Moment, Shown
from store.audit import Action


class Entry(Shown):
    """That somebody did something."""

    id: int
    at: Moment
    actor: Actor
    action: Action
    resource: str
    """The id of what it was done to."""
    address: str | None
    """Where the request came from, as the API saw it; null for a command."""
    note: Annotated[str | None, WHERE_ANY] = None
    """Why, where whoever did it said so."""

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """An `AuditRecord`."""
        return super().of(row, actor=Actor.of(row.actor), address=row.actor.address, **own)
