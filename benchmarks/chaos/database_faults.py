"""Faults of Postgres: away from a worker or from all, read-only, connections ended."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final
from uuid import UUID

from benchmarks.chaos.guest import Guest
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trial import Trial

_AWAY_S: Final = 60.0
_READ_ONLY_S: Final = 10.0
_GUESTS: Final = 4
_MADE_UP_S: Final = 5.0
"""For what waited to be written."""
_TERMINATE: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""
_SPOKEN_UNPAID: Final = """
SELECT count(*) - (
    SELECT count(*) FROM ledger WHERE session_id = $1 AND kind = 'charge' AND service = 'tts'
) FROM turns WHERE session_id = $1 AND agent_response <> ''"""


async def cut_off_worker(stage: Stage, trial: Trial) -> None:
    """Only the workers' network to the database is away: nobody may notice."""
    proxy = stage.system.wires.worker_postgres
    async with stage.guest(trial) as guest:
        await guest.exchange()
        proxy.pause()
        try:
            waits_s = await _talk(guest, _AWAY_S)
        finally:
            await proxy.mend()
        trial.took(max(waits_s))
        await stage.recalls(guest, trial)
        await _check_charges(stage, trial)


async def away(stage: Stage, trial: Trial) -> None:
    """Nobody reaches it for a minute: four conversations go on, and one of them ends meanwhile."""
    wires = stage.system.wires
    async with AsyncExitStack() as stack:
        leaving = AsyncExitStack()
        leaver = await leaving.enter_async_context(stage.guest(trial))
        stayers = [await stack.enter_async_context(stage.guest(trial)) for _ in range(_GUESTS - 1)]
        await asyncio.gather(*(guest.exchange() for guest in (leaver, *stayers)))
        for proxy in (wires.api_postgres, wires.worker_postgres):
            proxy.refuse()
        try:
            talks = [asyncio.create_task(_talk(guest, _AWAY_S)) for guest in stayers]
            await leaver.exchange()
            await leaving.aclose()
            for waits_s in await asyncio.gather(*talks):
                trial.took(max(waits_s))
        finally:
            for proxy in (wires.api_postgres, wires.worker_postgres):
                await proxy.mend()
        for guest in stayers:
            await stage.recalls(guest, trial)
        await _check_charges(stage, trial)


async def read_only(stage: Stage, trial: Trial) -> None:
    """As in a failover: it answers, and takes nothing."""
    async with stage.guest(trial) as guest:
        await guest.exchange()
        await set_read_only(stage, True)
        try:
            waits_s = await _talk(guest, _READ_ONLY_S)
        finally:
            await set_read_only(stage, False)
        trial.took(max(waits_s))
        await stage.recalls(guest, trial)
        await _check_charges(stage, trial)


async def cut_all(stage: Stage, trial: Trial) -> None:
    """Every connection is ended from the server's side, three times in a conversation."""
    async with stage.guest(trial) as guest:
        waits_s = []
        for _ in range(3):
            asking = asyncio.create_task(guest.exchange())
            await asyncio.sleep(guest.clip.last_speech / guest.clip.rate_hz)
            await end_backends(stage)
            waits_s.append(await asking)
        trial.took(max(waits_s))
        await stage.recalls(guest, trial)
        await _check_charges(stage, trial)


async def _talk(guest: Guest, for_s: float) -> Sequence[float]:
    """What each answer was waited for."""
    until = time.monotonic() + for_s
    waits_s = []
    while time.monotonic() < until:
        waits_s.append(await guest.exchange())
    return waits_s


async def end_backends(stage: Stage) -> None:
    """Every connection but this one's."""
    await stage.system.ask_database(_TERMINATE)


async def set_read_only(stage: Stage, is_read_only: bool) -> None:
    """For what begins from now on."""
    value = "on" if is_read_only else "off"
    await stage.system.ask_database(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
    await stage.system.ask_database("SELECT pg_reload_conf()")


async def _check_charges(stage: Stage, trial: Trial) -> None:
    """Each answer that was spoken has its charge."""
    await asyncio.sleep(_MADE_UP_S)
    for guest in trial.guests:
        (row,) = await stage.system.ask_database(_SPOKEN_UNPAID, UUID(guest.session.id))
        trial.must(row[0] <= 0, "charges lost")
