"""What a check found, and the clock and translation that all checks share."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

import aiohttp

from core.errors import StoreError, VaartaError

CHECK_TIMEOUT_S: Final = 5.0


class CheckFailed(VaartaError):
    """A dependency does not do what it should; the message is what to do about it."""


@dataclass(frozen=True)
class Answer:
    """What a reachable dependency told about itself, or that a stand-in serves in its place."""

    version: str | None = None
    note: str = ""
    is_stand_in: bool = False


@dataclass(frozen=True)
class Finding:
    """One dependency. `advice` says what to do and is empty when all is well."""

    name: str
    where: str
    is_ok: bool
    is_needed: bool = True
    version: str | None = None
    latency_ms: int | None = None
    note: str = ""
    advice: str = ""
    is_stand_in: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Check:
    """A dependency and the question to it. `ask` raises `CheckFailed` or a network error."""

    name: str
    where: str
    ask: Callable[[], Awaitable[Answer]]
    when_away: str
    is_needed: bool = True

    async def run(self) -> Finding:
        """Ask, in bounded time. `latency_ms` is the whole question's, connecting included."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_S):
                answer = await self.ask()
        except CheckFailed as exc:
            return self._bad(str(exc))
        except (OSError, aiohttp.ClientError, StoreError, ValueError, TypeError) as exc:
            return self._bad(f"no answer ({type(exc).__name__}): {self.when_away}")
        return Finding(
            name=self.name,
            where=self.where,
            is_ok=True,
            is_needed=self.is_needed,
            version=answer.version,
            latency_ms=round((time.monotonic() - began) * 1000),
            note=answer.note,
            is_stand_in=answer.is_stand_in,
        )

    def _bad(self, advice: str) -> Finding:
        return Finding(
            name=self.name,
            where=self.where,
            is_ok=False,
            is_needed=self.is_needed,
            advice=advice,
        )
