"""Faults around the room: its server is restarted, the caller leaves."""

import asyncio
import time
from typing import Final

from livekit import rtc

from benchmarks.chaos.guest import Guest
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trial import Trial
from cli.caller.errors import ApiRefused, CallerError
from core.rights import Plan

_DOWN_S: Final = 1.0
_AWAY_S: Final = 10.0
_BACK_S: Final = 60.0
_KNOCK_S: Final = 4.0
_ENDED_S: Final = 40.0
_QUICK_S: Final = 0.3
_HANG_UP: Final = "caller_hangup"


async def restart_server(stage: Stage, trial: Trial) -> None:
    """livekit-server is killed and started: talking again, or ended and told so."""
    livekit = stage.system.livekit
    async with stage.guest(trial) as guest:
        await guest.exchange()
        fault_at = time.monotonic()
        await livekit.kill()
        await asyncio.sleep(_DOWN_S)
        await livekit.start()
        is_back = await _until_back_or_ended(stage, guest, fault_at + _BACK_S)
        trial.took(time.monotonic() - fault_at)
        trial.moment = "talking again" if is_back else "ended"
        row = await stage.row_of(guest)
        trial.must(is_back or row.is_over, "neither talking nor ended")
        if is_back:
            await guest.calm()
            await stage.recalls(guest, trial)


async def lose_network(stage: Stage, trial: Trial) -> None:
    """The caller's network is away for ten seconds, once with a question under way."""
    islands = stage.system.islands
    assert islands is not None
    async with stage.guest(trial) as guest:
        await guest.exchange()
        if trial.pick("nobody speaks", "question asked") == "question asked":
            await guest.ask()
        islands.callers_road.close()
        await asyncio.sleep(_AWAY_S)
        islands.callers_road.open()
        back_at = time.monotonic()
        trial.must(await _until_back_or_ended(stage, guest, back_at + _BACK_S), "not kept")
        trial.took(time.monotonic() - back_at)
        await guest.calm()
        await stage.recalls(guest, trial)


async def leave(stage: Stage, trial: Trial) -> None:
    """The caller hangs up; their tenant's only place is free for the next call."""
    api = await stage.new_tenant(Plan.FREE)
    async with stage.guest(trial, api) as guest:
        await guest.exchange()
        left_at = time.monotonic()
    await _check_end(stage, trial, guest, left_at)
    try:
        async with stage.guest(trial, api):
            pass
    except ApiRefused:
        trial.problems["the next call was refused"] += 1


async def leave_quickly(stage: Stage, trial: Trial) -> None:
    """The caller hangs up before the agent has said a word."""
    async with stage.arrival(trial) as guest:
        await asyncio.sleep(_QUICK_S)
        left_at = time.monotonic()
    await _check_end(stage, trial, guest, left_at)


async def _check_end(stage: Stage, trial: Trial, guest: Guest, left_at: float) -> None:
    row = await stage.ended(guest, _ENDED_S)
    trial.took(time.monotonic() - left_at)
    trial.must(row.end_reason == _HANG_UP, f"ended as {row.end_reason}")


async def _until_back_or_ended(stage: Stage, guest: Guest, deadline: float) -> bool:
    """Whether the agent answers again; False when the session is over, or it is too late.

    The caller does what a person's client does: it joins again when it was put out.
    """
    while time.monotonic() < deadline:
        if (await stage.row_of(guest)).is_over:
            return False
        try:
            if guest.caller.disconnect_reason is not None:
                await guest.join()
            await guest.knock(_KNOCK_S)
        except (CallerError, TimeoutError, rtc.ConnectError):
            await asyncio.sleep(_QUICK_S)
        else:
            return True
    return False
