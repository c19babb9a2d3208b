"""Faults that strike whoever happens to talk: each breaks something, waits, and makes it whole."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from benchmarks.chaos.database_faults import end_backends, set_read_only
from benchmarks.chaos.processes import halt, kill, processes_of, wake
from benchmarks.chaos.proxy import Proxy
from benchmarks.chaos.speech_faults import is_recognition, is_voice
from benchmarks.chaos.stage import Stage
from benchmarks.child_process import ChildProcess
from sandbox.script import ChatFault

Stray = Callable[[Stage, random.Random], Awaitable[None]]

_SHORT_S: Final = 5.0
_LONG_S: Final = 15.0


async def kill_worker(stage: Stage, chance: random.Random) -> None:
    """All of it; another is started at once."""
    kill(processes_of(_worker(stage, chance).pid))
    await stage.system.replace_dead()


async def kill_jobs(stage: Stage, chance: random.Random) -> None:
    """One process below a worker's parent: a session's, an idle one, the server that forks."""
    worker = _worker(stage, chance)
    kill([chance.choice(processes_of(worker.pid)[1:])])


async def stop_worker(stage: Stage, chance: random.Random) -> None:
    """It stands still, and goes on."""
    halted = processes_of(_worker(stage, chance).pid)
    halt(halted)
    try:
        await asyncio.sleep(_LONG_S)
    finally:
        wake(halted)


async def deploy(stage: Stage, chance: random.Random) -> None:
    """A worker is replaced by a new one."""
    await stage.system.deploy(_worker(stage, chance))


async def cut_recognition(stage: Stage, _: random.Random) -> None:
    """Everybody's."""
    stage.system.wires.speech.cut(is_recognition)


async def mute_recognition(stage: Stage, _: random.Random) -> None:
    """The sockets that are open."""
    stage.system.wires.speech.mute(is_recognition)


async def cut_voice(stage: Stage, _: random.Random) -> None:
    """Everybody's."""
    stage.system.wires.speech.cut(is_voice)


async def fail_models(stage: Stage, chance: random.Random) -> None:
    """The first host errs, is empty, stalls or is late, in turn or not at all."""
    faults = (
        ChatFault(kind="status", upstream="openrouter", status=500),
        ChatFault(kind="empty", upstream="openrouter"),
        ChatFault(kind="hang", upstream="openrouter", after_tokens=1),
        ChatFault(kind="late", upstream="openrouter", delay_ms=3000),
    )
    script = stage.script
    chat = replace(script.chat, faults=(chance.choice(faults),))
    stage.system.sandbox.follow(replace(script, chat=chat))
    try:
        await asyncio.sleep(_LONG_S)
    finally:
        stage.system.sandbox.follow(script)


async def lose_database(stage: Stage, chance: random.Random) -> None:
    """Away from the workers, from the API, or from all."""
    wires = stage.system.wires
    both = [wires.worker_postgres, wires.api_postgres]
    away: list[Proxy] = chance.choice([both, both[:1], both[1:]])
    for proxy in away:
        proxy.refuse()
    try:
        await asyncio.sleep(_LONG_S)
    finally:
        for proxy in away:
            await proxy.mend()


async def cut_database(stage: Stage, _: random.Random) -> None:
    """Every connection is ended."""
    await end_backends(stage)


async def freeze_database(stage: Stage, _: random.Random) -> None:
    """It takes nothing."""
    await set_read_only(stage, True)
    try:
        await asyncio.sleep(_SHORT_S)
    finally:
        await set_read_only(stage, False)


STRAYS: Final[dict[str, Stray]] = {
    "worker killed": kill_worker,
    "process of a worker killed": kill_jobs,
    "worker stopped": stop_worker,
    "worker replaced": deploy,
    "recognition cut": cut_recognition,
    "recognition mute": mute_recognition,
    "voice cut": cut_voice,
    "first host failing": fail_models,
    "Postgres away": lose_database,
    "Postgres backends terminated": cut_database,
    "Postgres read-only": freeze_database,
}


def _worker(stage: Stage, chance: random.Random) -> ChildProcess:
    return chance.choice([worker for worker in stage.system.workers if worker.is_running])
