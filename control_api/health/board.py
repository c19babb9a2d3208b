"""How each dependency does: asked at most every few seconds, however many want to know."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from control_api.health.checks.database import database_check
from control_api.health.checks.finding import Check, Finding
from control_api.health.checks.livekit import livekit_check
from control_api.health.checks.providers import provider_checks
from control_api.parts import SETTINGS
from core.setting_groups import UPSTREAMS
from core.settings import Settings

FRESH_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and when."""

    looked_at: datetime
    findings: Sequence[Finding]

    @property
    def is_ok(self) -> bool:
        """Whether a session has all that it needs."""
        return all(one.is_ok for one in self.findings if one.is_needed)


class StatusBoard:
    """Asks all dependencies at once and keeps what it found for `FRESH_S` seconds."""

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = checks
        self._lock = asyncio.Lock()
        self._last: Look | None = None
        self._asked_at = 0.0

    async def look(self) -> Look:
        """The latest findings; who comes while they are made waits for them."""
        async with self._lock:
            if self._last is None or time.monotonic() - self._asked_at >= FRESH_S:
                findings = await asyncio.gather(*(check.run() for check in self._checks))
                self._asked_at = time.monotonic()
                self._last = Look(datetime.now(UTC), findings)
            return self._last


def checks_of(settings: Settings) -> list[Check]:
    """The database, LiveKit, the speech provider, and each language model server with a key.

    Workers are not among them: they tell themselves that they are there.
    """
    return [
        database_check(settings.database),
        livekit_check(settings.livekit),
        *provider_checks(settings, UPSTREAMS),
    ]


STATUS_BOARD: Final = web.AppKey("status_board", StatusBoard)


async def status_board(app: web.Application) -> AsyncIterator[None]:
    """A board of the application's own."""
    app[STATUS_BOARD] = StatusBoard(checks_of(app[SETTINGS]))
    yield
