"""How long the API takes to answer one kind of request, and what it refused."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from benchmarks.stats import Summary, summarise


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


@dataclass(frozen=True)
class Answer:
    """What came; `content` is the JSON, None where there is none."""

    status: int
    headers: Mapping[str, str]
    content: Any


@dataclass
class Sampler:
    """Asks for one kind, one after the other."""

    http: aiohttp.ClientSession
    name: str
    samples_ms: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    async def ask(
        self, method: str, path: str, bearer: str, body: Mapping[str, Any] | None = None
    ) -> Answer:
        """Send one and keep how long it took, or that it was refused."""
        started = time.perf_counter()
        answer = await send(self.http, method, path, bearer, body)
        if answer.status < 400:
            self.samples_ms.append((time.perf_counter() - started) * 1000)
        else:
            self.errors[str(answer.status)] += 1
        return answer

    @property
    def measured(self) -> Measured:
        """So far."""
        return Measured(self.name, summarise(self.samples_ms), dict(self.errors))


async def send(
    http: aiohttp.ClientSession,
    method: str,
    path: str,
    bearer: str,
    body: Mapping[str, Any] | None = None,
) -> Answer:
    """One request with a key or a token."""
    headers = {"Authorization": f"Bearer {bearer}"}
    async with http.request(method, path, headers=headers, json=body) as response:
        is_json = response.content_type == "application/json"
        content = await response.json() if is_json else await response.read() and None
        return Answer(response.status, response.headers, content)
