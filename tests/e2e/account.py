"""A tenant with a key: the API as its clients see it, and calls into its sessions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias
from uuid import uuid4

import aiohttp
import asyncpg

from cli.caller.caller import Caller, CallOptions
from core.rights import Plan
from store.keys import KeyRepository, NewKey
from store.records import TenantId
from store.tenants import TenantRepository
from tests.e2e.scripts import GREETING
from tests.e2e.system import System
from tests.eventually import eventually

Json: TypeAlias = dict[str, Any]

SESSIONS: Final = "/v1/voice/sessions"
BOTS: Final = "/api/v1/bots"
CREDITS: Final = Decimal(10_000)
OVER: Final = frozenset({"completed", "failed", "timeout"})
_TIMEOUT_S: Final = 60.0
_TIMEOUT: Final = aiohttp.ClientTimeout(total=_TIMEOUT_S)
_MOST_CALL_S: Final = 180.0
"""Longer than any test's call."""


@dataclass(frozen=True)
class Account:
    """One tenant's view of the API."""

    http: aiohttp.ClientSession
    url: str
    key: str
    tenant_id: TenantId

    async def create(self, **body: object) -> Json:
        """Create a session with our greeting."""
        given = {"greeting": GREETING, **body}
        async with self.http.post(SESSIONS, json=given) as response:
            session: Json = await response.json()
            assert response.status == 201, session
            return session

    async def create_bot(self, **config: object) -> str:
        """Make a bot; its id."""
        given = {"name": "Front desk", "config": config}
        async with self.http.post(BOTS, json=given) as response:
            bot: Json = await response.json()
            assert response.status == 201, bot
            return str(bot["id"])

    async def get(self, session_id: str) -> Json:
        """`GET …/{id}`."""
        session: Json = await self._json(f"{SESSIONS}/{session_id}")
        return session

    async def listed(self, **query: str) -> list[Json]:
        """`GET …`."""
        sessions: list[Json] = await self._json(SESSIONS, **query)
        return sessions

    async def turns(self, session_id: str) -> list[Json]:
        """The transcript."""
        turns: list[Json] = await self._json(f"{SESSIONS}/{session_id}/transcript")
        return turns

    async def transcript(self, session_id: str, text_format: str) -> str:
        """The transcript as text."""
        path = f"{SESSIONS}/{session_id}/transcript"
        async with self.http.get(path, params={"format": text_format}) as response:
            assert response.status == 200
            return await response.text()

    async def delete(self, session_id: str) -> None:
        """`DELETE …/{id}`."""
        async with self.http.delete(f"{SESSIONS}/{session_id}") as response:
            assert response.status == 204

    async def listen(self, session_id: str) -> Json:
        """`POST …/{id}/listen`."""
        async with self.http.post(f"{SESSIONS}/{session_id}/listen") as response:
            way_in: Json = await response.json()
            assert response.status == 201, way_in
            return way_in

    async def turns_stored(self, session_id: str, count: int) -> list[Json]:
        """The transcript once it has `count` turns."""

        async def are_stored() -> bool:
            return len(await self.turns(session_id)) >= count

        await eventually(are_stored, what=f"{count} turns stored")
        return await self.turns(session_id)

    async def ended(self, session_id: str) -> Json:
        """The session once it is over."""

        async def is_over() -> bool:
            return (await self.get(session_id))["status"] in OVER

        await eventually(is_over, what="the session's end")
        return await self.get(session_id)

    async def _json(self, path: str, **query: str) -> Any:
        async with self.http.get(path, params=query) as response:
            body = await response.json()
            assert response.status == 200, body
            return body


def call(session: Json) -> Caller:
    """A caller with the session's token. What they hear is kept."""
    return Caller(
        session["ws_url"], session["token"], CallOptions(kept_s=_MOST_CALL_S, timeout_s=_TIMEOUT_S)
    )


@asynccontextmanager
async def opened(system: System) -> AsyncIterator[Account]:
    """A new tenant of the system. Sessions that a failed test left behind are ended."""
    connection = await asyncpg.connect(system.dsn)
    try:
        tenants = TenantRepository(connection)
        tenant = await tenants.add(uuid4().hex, Plan.ENTERPRISE, CREDITS)
        scopes = "bots:write,webhooks:write,usage:read,sessions:listen"
        new = NewKey(tenant_id=tenant.id, name="calls", scopes=scopes)
        _, key = await KeyRepository(connection).create(new)
    finally:
        await connection.close()
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(system.api.url, headers=headers, timeout=_TIMEOUT) as http:
        account = Account(http, system.api.url, key, tenant.id)
        yield account
        for session in await account.listed(limit="200"):
            if session["status"] not in OVER:
                await account.delete(session["id"])
