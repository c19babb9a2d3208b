"""`vaarta audit-latency`: what a recorded session's responses took by their sound, beside the
figures that were recorded of them."""

import argparse
import asyncio
import json
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from cli.operating import Row, add_common, note, settings_of, show, transaction

if TYPE_CHECKING:
    from cli.heard_latency import HeardResponse

_QUANTILES: Final = {"p50": 50, "p95": 95}


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "audit-latency",
        help="measure a recorded session's responses from its sound",
        description="Each response, from the caller's last sound to the agent's first in the "
        "recording, beside first_audio_ms of its turn; what is left is unexplained.",
    )
    parser.add_argument("session", type=UUID, help="the session's id")
    add_common(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    responses = asyncio.run(_responses(args))
    rows: list[Row] = [
        {
            "turn": one.turn_index,
            "told_ms": one.told_ms,
            "heard_ms": one.heard_ms,
            "unexplained_ms": one.unexplained_ms,
        }
        for one in responses
    ]
    unexplained = _unexplained(responses)
    if args.json:
        print(json.dumps({"turns": rows, "unexplained_ms": unexplained}))
    else:
        show(rows, as_json=False)
        show({f"unexplained {name}": value for name, value in unexplained.items()}, as_json=False)
    return 0


async def _responses(args: argparse.Namespace) -> "list[HeardResponse]":
    """Raises `NotFoundError` where there is no recording, `StorageUnavailable`."""
    from cli.heard_latency import channels_of, heard_responses
    from core.errors import NotFoundError
    from store.audit import Action
    from store.objects import opened_objects
    from store.recordings import RecordingRepository
    from store.records import SessionId
    from store.sessions import SessionRepository
    from store.turns import TurnRepository

    session_id = SessionId(args.session)
    async with transaction(args) as connection:
        session = await SessionRepository(connection).get_for_agent(session_id)
        record = await RecordingRepository(connection).find(session_id)
        if record is None:
            raise NotFoundError("the session has no recording")
        turns = await TurnRepository(connection).list_turns(session_id)
        await note(connection, session.tenant_id, Action.RECORDING_READ, session_id)
    async with opened_objects(settings_of(args).recording) as objects:
        data = await objects.get(record.key)
    return heard_responses(*channels_of(data), turns)


def _unexplained(responses: "list[HeardResponse]") -> Row:
    """Percentiles over those that are heard; None where none is."""
    import numpy as np

    found = [one.unexplained_ms for one in responses if one.unexplained_ms is not None]
    at = {
        name: round(float(np.percentile(found, q)), 1) if found else None
        for name, q in _QUANTILES.items()
    }
    return {"n": len(found), **at}
