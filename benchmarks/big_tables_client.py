"""Who asks for what is big: its owner, and others who create sessions beside."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, cycle, repeat
from typing import Any, Final

import aiohttp
import jwt

from benchmarks.api_load_rows import CREATES_PER_TENANT
from benchmarks.big_tables_rows import DAYS, Big
from benchmarks.stats import Summary, summarise

JWT_SECRET: Final = "a-secret-for-benchmarks-only-32-bytes-or-more"
AT_ONCE: Final = 50
"""Connections of the tenant at its worst."""
_SESSIONS: Final = "/v1/voice/sessions"
_HOOKS: Final = "/api/v1/webhooks"
_BODY: Final = {"system_prompt": "You are a helpful assistant.", "voice": "shubh"}
_DEEP: Final = 50_000
"""Rows before a page that is far down."""


@dataclass(frozen=True)
class Measured:
    """One kind of request; `errors` by status, not among the samples."""

    name: str
    summary: Summary | None
    errors: Mapping[str, int]

    @property
    def cells(self) -> list[str]:
        """A row of the table."""
        s = self.summary
        figures = [f"{x:g}" for x in (s.p50, s.p95, s.max, s.n)] if s else ["-"] * 4
        return [self.name, *figures, ", ".join(f"{n} × {k}" for k, n in self.errors.items())]


class Owner:
    """A client that is the owner of everything that is big, and has keys of others."""

    def __init__(self, http: aiohttp.ClientSession, big: Big) -> None:
        self._http = http
        self._big = big
        now = datetime.now(UTC)
        claims = {"sub": "asha", "tenant_id": str(big.tenant_id), "role": "owner"}
        self._token = jwt.encode({**claims, "exp": now + timedelta(hours=1)}, JWT_SECRET)
        self._creators = chain.from_iterable(
            repeat(one, CREATES_PER_TENANT) for one in big.creators
        )
        span = {"from": now - timedelta(days=DAYS), "to": now}
        self._span = "&".join(f"{k}={v:%Y-%m-%dT%H:%M:%SZ}" for k, v in span.items())

    async def paths(self) -> dict[str, str]:
        """What is asked, by name: each list's first page, and one far down by cursor."""
        lists = {
            "sessions": _SESSIONS,
            "sessions of a model": f"{_SESSIONS}?llm_model=kimi-k2.5",
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
            "q, a word in each turn": f"{_SESSIONS}?q=sundays",
            "q, one letter": f"{_SESSIONS}?q=a",
            "q, a word in one session": f"{_SESSIONS}?q=c4ca4238",
            "q, a word in none": f"{_SESSIONS}?q=pomegranate",
        }

    async def measure(
        self, name: str, paths: Iterator[str], method: str = "GET", key: str | None = None
    ) -> Measured:
        """One after the other."""
        samples_ms: list[float] = []
        errors: Counter[str] = Counter()
        for path in paths:
            await self._sample(samples_ms, errors, method, path, key or self._token)
        return Measured(name, summarise(samples_ms), dict(errors))

    async def creates_beside_the_worst(self, creates: int) -> tuple[Measured, Measured]:
        """Other tenants' creates: alone, then while fifty connections read all they can."""
        await self._create("warm-up", CREATES_PER_TENANT)
        alone = await self._create("create alone", creates)
        worst = cycle(
            [
                *(f"/api/v1/usage/latency?{self._span}&group_by={g}" for g in ("model", "hour")),
                f"{_SESSIONS}?q=a",
                f"/api/v1/usage/slowest?{self._span}",
            ]
        )
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._read_on(worst)) for _ in range(AT_ONCE)]
            await asyncio.sleep(1.0)
            beside = await self._create("create beside the worst", creates)
            for task in tasks:
                task.cancel()
        return alone, beside

    async def deletion(self) -> Measured:
        """The endpoint's, with all of its deliveries."""
        path = f"{_HOOKS}/{self._big.webhook_id}"
        return await self.measure("delete the endpoint", iter([path]), "DELETE")

    async def _create(self, name: str, n: int) -> Measured:
        samples_ms: list[float] = []
        errors: Counter[str] = Counter()
        for _ in range(n):
            await self._sample(samples_ms, errors, "POST", _SESSIONS, next(self._creators), _BODY)
        return Measured(name, summarise(samples_ms), dict(errors))

    async def _read_on(self, paths: Iterator[str]) -> None:
        for path in paths:
            await self._send("GET", path, self._big.key)

    async def _sample(
        self,
        samples_ms: list[float],
        errors: Counter[str],
        method: str,
        path: str,
        key: str,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        started = time.perf_counter()
        status = (await self._send(method, path, key, body))[0]
        if status < 400:
            samples_ms.append((time.perf_counter() - started) * 1000)
        else:
            errors[str(status)] += 1

    async def _cursor(self, path: str) -> str | None:
        where = f"{path}{_mark(path)}limit=1&offset={_DEEP}"
        headers = (await self._send("GET", where, self._token))[1]
        return headers.get("X-Next-Cursor")

    async def _send(
        self, method: str, path: str, key: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, Mapping[str, str]]:
        headers = {"Authorization": f"Bearer {key}"}
        async with self._http.request(method, path, headers=headers, json=body) as response:
            await response.read()
            return response.status, response.headers


def _mark(path: str) -> str:
    return "&" if "?" in path else "?"
