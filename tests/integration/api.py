"""The API under test, served in this process on a port of its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import aiohttp
import jwt

from control_api.server import serve
from core.catalog import Catalog
from core.rights import Plan
from core.settings import Settings
from store.keys import KeyRepository, NewKey
from store.pages import Part
from store.pool import Database
from store.records import TenantId
from store.sessions import SessionRepository
from store.tenants import TenantRepository

JWT_SECRET: Final = "a-secret-for-tests-only-32-bytes-or-more"
SESSIONS: Final = "/v1/voice/sessions"
NOBODYS: Final = UUID("5b0c6f5e-9a0e-4f0c-8d55-3f6c1f0a7e21")
"""The id of no session."""


@dataclass(frozen=True)
class Answer:
    """A whole response."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Any

    @property
    def code(self) -> str:
        """The error's code."""
        return str(self.json["error"]["code"])


@dataclass(frozen=True)
class Api:
    """A running API, a client for it, a tenant and its key."""

    settings: Settings
    database: Database
    http: aiohttp.ClientSession
    port: int
    metrics_port: int
    tenant_id: TenantId
    key: str

    async def send(self, method: str, path: str, **options: Any) -> Answer:
        """Send a request as the tenant's key; `headers` replace and add, None takes away."""
        given = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        headers = {name: value for name, value in given.items() if value is not None}
        async with self.http.request(method, path, headers=headers, **options) as response:
            body = await response.read()
            is_json = response.content_type == "application/json" and body
            value = await response.json() if is_json else None
            return Answer(response.status, response.headers, body, value)

    async def get(self, path: str, **options: Any) -> Answer:
        """Send a GET."""
        return await self.send("GET", path, **options)

    async def create(self, **body: Any) -> Answer:
        """Create a session."""
        return await self.send("POST", SESSIONS, json=body)

    async def new_key(self, **fields: Any) -> str:
        """Another key of the tenant's."""
        async with self.database.connection() as connection:
            new = NewKey(tenant_id=self.tenant_id, name="another", **fields)
            _, plaintext = await KeyRepository(connection).create(new)
            return plaintext

    async def row_count(self) -> int:
        """How many sessions the tenant has."""
        async with self.database.connection() as connection:
            sessions = SessionRepository(connection)
            return (await sessions.list_page(self.tenant_id, Part(limit=1))).total.n

    def token(self, **claims: Any) -> str:
        """A JWT of the tenant's owner; `claims` replace and add, None takes away."""
        now = datetime.now(UTC)
        given = {
            "sub": "asha",
            "tenant_id": str(self.tenant_id),
            "role": "owner",
            "iat": now,
            "exp": now + timedelta(minutes=5),
            **claims,
        }
        return jwt.encode({k: v for k, v in given.items() if v is not None}, JWT_SECRET)

    async def for_new_tenant(
        self, plan: Plan = Plan.ENTERPRISE, credits: Decimal = Decimal(1000)
    ) -> "Api":
        """The same API, seen by a tenant that has nothing yet but its credits."""
        tenant_id, key = await _new_tenant(self.database, plan, credits)
        return replace(self, tenant_id=tenant_id, key=key)


async def _new_tenant(
    database: Database, plan: Plan = Plan.ENTERPRISE, credits: Decimal = Decimal(1000)
) -> tuple[TenantId, str]:
    async with database.transaction() as connection:
        tenant = await TenantRepository(connection).add("Asha's shop", plan, credits)
        _, key = await KeyRepository(connection).create(NewKey(tenant_id=tenant.id, name="first"))
        return tenant.id, key


@asynccontextmanager
async def running_api(env: Mapping[str, str]) -> AsyncIterator[Api]:
    """The API with the settings in `env`; its database must be there."""
    settings = Settings.from_env(env, dotenv=None)
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.database)
        stack.push_async_callback(database.close)
        tenant_id, key = await _new_tenant(database)
        at = await stack.enter_async_context(serve(settings, Catalog.load()))
        base = f"http://127.0.0.1:{at.port}"
        http = await stack.enter_async_context(aiohttp.ClientSession(base))
        yield Api(settings, database, http, at.port, at.metrics_port, tenant_id, key)
