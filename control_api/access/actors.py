"""Whoever did something, as the API shows them."""

from control_api.request.shown import Shown
from store.audit import ActorKind


class Actor(Shown):
    """Who it was."""

    kind: ActorKind
    """An API key, a person's token, an operator's command, or the service itself."""
    id: str
    """The key's id, the token's subject, who ran the command on which host, or the
    part of the service."""
