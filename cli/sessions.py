"""`vaarta sessions`: a tenant's sessions listed, and ended from outside."""

import argparse
import asyncio
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from cli.operating import (
    Row,
    add_common,
    add_page,
    add_tenant,
    command,
    moment,
    note,
    settings_of,
    show,
    transaction,
)

if TYPE_CHECKING:
    from store.pool import Connection
    from store.records import SessionRecord

STATUSES: Final = ("created", "active", "completed", "failed", "timeout")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser("sessions", help="list and end sessions")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")

    listed = actions.add_parser("list", help="a tenant's sessions, newest first")
    listed.add_argument("--status", choices=STATUSES, help="only those")
    add_page(listed)
    listed.set_defaults(run=command(_list))

    end = actions.add_parser("end", help="end a session, as DELETE does: everyone is put out")
    end.add_argument("--session", required=True, type=UUID, help="the session's id")
    end.set_defaults(run=_run_end)

    for action in (listed, end):
        add_tenant(action)
        add_common(action)


def _run_end(args: argparse.Namespace) -> int:
    show(asyncio.run(_end(args)), as_json=args.json)
    return 0


async def _list(connection: "Connection", args: argparse.Namespace) -> list[Row]:
    from store.pages import Part
    from store.records import SessionStatus
    from store.session_filter import SessionFilter
    from store.sessions import SessionRepository
    from store.tenants import TenantRepository

    tenant = await TenantRepository(connection).get(args.tenant)
    wanted = SessionFilter(status=None if args.status is None else SessionStatus(args.status))
    part = Part(args.limit, args.offset)
    listed = await SessionRepository(connection).list_page(tenant.id, part, wanted)
    return [_row(session) for session in listed.rows]


async def _end(args: argparse.Namespace) -> Row:
    """One that is over stays as it ended. Raises `LiveKitUnavailable` once it has ended."""
    from control_api.sessions.rooms import Rooms
    from store.audit import Action
    from store.records import EndReason
    from store.sessions import SessionRepository

    async with transaction(args) as connection:
        sessions = SessionRepository(connection)
        session = await sessions.get(args.tenant, args.session)
        ended = await sessions.end_session(session.id, EndReason.API_DELETE)
        if ended is None:
            return _row(await sessions.get(args.tenant, args.session))
        await note(connection, session.tenant_id, Action.SESSION_END, session.id)
    async with Rooms.open(settings_of(args).livekit) as rooms:
        await rooms.delete(ended.room_name)
    return _row(ended)


def _row(session: "SessionRecord") -> Row:
    return {
        "id": str(session.id),
        "status": session.status.value,
        "end_reason": None if session.end_reason is None else session.end_reason.value,
        "turns": session.turn_count,
        "created_at": moment(session.created_at),
        "started_at": moment(session.started_at),
        "ended_at": moment(session.ended_at),
    }
