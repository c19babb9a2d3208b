"""Who asks for what is big: its owner, who also asks for too much."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import aiohttp
import jwt

from benchmarks.api_samples import Measured, Sampler, send
from benchmarks.big_tables_rows import DAYS, Big
from benchmarks.other_tenants import SESSIONS
from benchmarks.worst_tenant import Orders

JWT_SECRET: Final = "a-secret-for-benchmarks-only-32-bytes-or-more"
N_HANGING: Final = 20
"""Endpoints of the tenant at its worst that take everything and answer nothing."""
_HOOKS: Final = "/api/v1/webhooks"
_BALANCE: Final = "/api/v1/credits/balance"
_DEEP: Final = 50_000
"""Rows before a page that is far down."""


class Owner:
    """A client that is the owner of everything that is big."""

    def __init__(self, http: aiohttp.ClientSession, url: str, big: Big) -> None:
        self._http = http
        self._url = url
        self._big = big
        now = datetime.now(UTC)
        claims = {"sub": "asha", "tenant_id": str(big.tenant_id), "role": "owner"}
        self._token = jwt.encode({**claims, "exp": now + timedelta(hours=1)}, JWT_SECRET)
        span = {"from": now - timedelta(days=DAYS), "to": now}
        self._span = "&".join(f"{k}={v:%Y-%m-%dT%H:%M:%SZ}" for k, v in span.items())

    async def paths(self) -> dict[str, str]:
        """What is asked, by name: each list's first page, and one far down by cursor."""
        lists = {
            "sessions": SESSIONS,
            "sessions of a model": f"{SESSIONS}?llm_model=kimi-k2.5",
            "deliveries": f"{_HOOKS}/{self._big.webhook_id}/deliveries",
            "failed deliveries": f"{_HOOKS}/{self._big.webhook_id}/deliveries?status=failed",
            "transactions": "/api/v1/credits/transactions",
            "audit": "/api/v1/audit",
            "keys": "/api/v1/keys",
            "bots": "/api/v1/bots",
            "webhooks": _HOOKS,
        }
        found = {}
        for name, path in lists.items():
            found[name] = path
            if cursor := await self._cursor(path):
                found[f"{name}, far down"] = f"{path}{_mark(path)}cursor={cursor}"
        for group in ("model", "day", "hour"):
            found[f"latency, {DAYS} days by {group}"] = (
                f"/api/v1/usage/latency?{self._span}&group_by={group}"
            )
        return {
            **found,
            f"usage, {DAYS} days": f"/api/v1/usage/summary?days={DAYS}",
            "q, a word in each turn": f"{SESSIONS}?q=sundays",
            "q, one letter": f"{SESSIONS}?q=a",
            "q, a word in one session": f"{SESSIONS}?q=c4ca4238",
            "q, a word in none": f"{SESSIONS}?q=pomegranate",
        }

    async def measure(self, name: str, paths: Iterator[str], method: str = "GET") -> Measured:
        """One after the other."""
        sampler = Sampler(self._http, name)
        for path in paths:
            await sampler.ask(method, path, self._token)
        return sampler.measured

    async def deletion(self) -> Measured:
        """The endpoint's, with all of its deliveries."""
        path = f"{_HOOKS}/{self._big.webhook_id}"
        return await self.measure("delete the endpoint", iter([path]), "DELETE")

    async def add_endpoints(self, url: str) -> Sequence[UUID]:
        """So many at one address, told of each start of a session."""
        body = {"url": url, "events": ["voice_session.started"]}
        added = [
            await send(self._http, "POST", _HOOKS, self._token, body) for _ in range(N_HANGING)
        ]
        return [UUID(one.content["id"]) for one in added]

    @property
    def worst_orders(self) -> Orders:
        """What it does at its worst."""
        reports = (
            *(f"/api/v1/usage/latency?{self._span}&group_by={g}" for g in ("model", "hour")),
            f"{SESSIONS}?q=a",
            f"/api/v1/usage/slowest?{self._span}",
        )
        return Orders(self._url, self._big.key, self._token, reports, _BALANCE)

    async def _cursor(self, path: str) -> str | None:
        where = f"{path}{_mark(path)}limit=1&offset={_DEEP}"
        return (await send(self._http, "GET", where, self._token)).headers.get("X-Next-Cursor")


def _mark(path: str) -> str:
    return "&" if "?" in path else "?"
