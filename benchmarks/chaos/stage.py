"""Where faults happen: a running system, its stand-ins' script, and the callers who come to it."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from benchmarks.chaos.guest import Guest, invited
from benchmarks.chaos.islands import Islands
from benchmarks.chaos.processes import job_of
from benchmarks.chaos.system import ChaosSystem, chaos_system
from benchmarks.chaos.trial import Trial
from benchmarks.child_process import ChildProcess
from benchmarks.scenario import Scenario, load_scenario
from benchmarks.words import words, words_missing
from cli.caller.session_api import SessionApi
from core.rights import Plan
from sandbox.record import Received
from sandbox.script import Script, parse_script
from store.keys import KeyRepository, NewKey
from store.tenants import TenantRepository

_SCENARIO: Final = "recovery"
_CREDITS: Final = Decimal(100_000)
_CHAT: Final = "/chat/completions"
_POLL_S: Final = 0.05
_END_S: Final = 45.0
"""Longer than a caller who dropped off may take to come back, and the reaper to look."""
_ROW: Final = "SELECT status, end_reason FROM sessions WHERE id = $1"


@dataclass(frozen=True)
class SessionRow:
    """What a session's row says of its end."""

    status: str
    end_reason: str | None

    @property
    def is_over(self) -> bool:
        return self.status not in ("created", "active")


@dataclass
class Stage:
    """`script` is what the stand-ins follow where a fault asks for nothing else; `api` that of a
    tenant without limits."""

    system: ChaosSystem
    scenario: Scenario
    script: Script
    api: SessionApi
    _stack: AsyncExitStack = field(repr=False)

    @asynccontextmanager
    async def guest(self, trial: Trial, api: SessionApi | None = None) -> AsyncIterator[Guest]:
        """One more caller, greeted; they hang up at the block's end. Raises CallerError."""
        async with self.arrival(trial, api) as guest:
            await guest.hear_greeting()
            yield guest

    @asynccontextmanager
    async def arrival(self, trial: Trial, api: SessionApi | None = None) -> AsyncIterator[Guest]:
        """As `guest`, of one who has only just joined."""
        body = {**self.scenario.session, "webhook_url": self.system.inbox.url}
        async with invited(api or self.api, body, self.scenario.clips[0]) as guest:
            trial.guests.append(guest)
            yield guest

    async def row_of(self, guest: Guest) -> SessionRow:
        """The guest's session as the database has it."""
        (row,) = await self.system.ask_database(_ROW, UUID(guest.session.id))
        return SessionRow(row["status"], row["end_reason"])

    async def ended(self, guest: Guest, timeout_s: float) -> SessionRow:
        """The same once it is over, or as it is when that takes too long."""
        deadline = time.monotonic() + timeout_s
        while True:
            row = await self.row_of(guest)
            if row.is_over or time.monotonic() > deadline:
                return row
            await asyncio.sleep(_POLL_S)

    async def new_tenant(self, plan: Plan) -> SessionApi:
        """The API as a tenant of its own sees it, as long as the stage stands."""
        return await self._stack.enter_async_context(await _tenant(self.system, plan))

    async def settle(self, trial: Trial) -> None:
        """Everything whole again, and the trial's sessions over, within bounds."""
        await self.system.mend()
        self.system.sandbox.follow(self.script)
        rows = await asyncio.gather(*(self.ended(guest, _END_S) for guest in trial.guests))
        trial.left_active = sum(not row.is_over for row in rows)

    def holder_of(self, guest: Guest) -> tuple[ChildProcess, int]:
        """The living worker that holds the guest's session, and its job's process id."""
        for worker in self.system.workers:
            pid = job_of(worker.written(), guest.session.id) if worker.is_running else None
            if pid is not None:
                return worker, pid
        raise AssertionError("no worker holds the session")

    def requests_about(self, text: str, upstream: str = "") -> list[Received]:
        """The models' requests whose last word of the caller is this, oldest first."""
        return [
            received
            for received in self.system.sandbox.requests.to(_CHAT)
            if upstream in received.path and text in _last_said(received.body)
        ]

    async def recalls(self, guest: Guest, trial: Trial) -> None:
        """Ask once more: the model is told what was said before. Else a problem."""
        before = list(guest.said)
        text = f"And one more thing, {uuid4().hex[:8]}?"
        await guest.exchange(text)
        told = [_texts(one.body, "user") for one in self.requests_about(text)[-1:]]
        known = " ".join(told[0]) if told else ""
        trial.must(all(_is_known(said, known) for said in before), "context lost")


@asynccontextmanager
async def staged(
    *,
    workers: int = 2,
    settings: Mapping[str, str] | None = None,
    islands: Islands | None = None,
) -> AsyncIterator[Stage]:
    """The stage while the block lasts. Raises as `chaos_system` does."""
    scenario = load_scenario(_SCENARIO)
    script = parse_script(scenario.script())
    async with AsyncExitStack() as stack:
        system = await stack.enter_async_context(
            chaos_system(script, workers=workers, settings=settings, islands=islands)
        )
        api = await stack.enter_async_context(await _tenant(system, Plan.ENTERPRISE))
        yield Stage(system, scenario, script, api, stack)


async def _tenant(system: ChaosSystem, plan: Plan) -> SessionApi:
    connection = await asyncpg.connect(system.dsn)
    try:
        tenant = await TenantRepository(connection).add(uuid4().hex, plan, _CREDITS)
        new = NewKey(tenant_id=tenant.id, name="chaos")
        _, key = await KeyRepository(connection).create(new)
    finally:
        await connection.close()
    return SessionApi(system.api_url, key)


def _is_known(said: str, known: str) -> bool:
    """Whether more than half of the words are there."""
    return 2 * words_missing(said, known) < words(said).total()


def _last_said(body: Any) -> str:
    return next(reversed(_texts(body, "user")), "")


def _texts(body: Any, role: str) -> list[str]:
    messages = body.get("messages", ()) if isinstance(body, Mapping) else ()
    return [str(one.get("content")) for one in messages if one.get("role") == role]
