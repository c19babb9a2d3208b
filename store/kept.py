"""Turns and charges as JSON, for where they are kept before they are rows."""

from dataclasses import fields
from decimal import Decimal
from typing import Any
from uuid import UUID

from store.ledger import Charge, Service
from store.records import NewTurn, TurnId


def turn_to_json(turn: NewTurn) -> dict[str, Any]:
    """JSON types; `turn_of` is the way back."""
    values = {one.name: getattr(turn, one.name) for one in fields(NewTurn)}
    return {**values, "id": str(turn.id)}


def turn_of(kept: dict[str, Any]) -> NewTurn:
    """A turn as it was kept; what this version does not know of it is left out."""
    known = {one.name for one in fields(NewTurn)}
    values = {name: value for name, value in kept.items() if name in known}
    return NewTurn(**{**values, "id": TurnId(UUID(kept["id"]))})


def charge_to_json(charge: Charge) -> dict[str, Any]:
    """JSON types; `charge_of` is the way back."""
    values = {one.name: getattr(charge, one.name) for one in fields(Charge)}
    exact = {name: str(values[name]) for name in ("credits", "audio_seconds", "id")}
    return {**values, **exact, "service": charge.service.value}


def charge_of(kept: dict[str, Any]) -> Charge:
    """A charge as it was kept; what this version does not know of it is left out."""
    known = {one.name for one in fields(Charge)}
    values = {name: value for name, value in kept.items() if name in known}
    exact = {name: Decimal(kept[name]) for name in ("credits", "audio_seconds")}
    own = {"id": UUID(kept["id"]), "service": Service(kept["service"])}
    return Charge(**{**values, **exact, **own})
