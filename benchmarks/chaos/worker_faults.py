"""Faults of workers: killed whole and in part, stopped, told to stop."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Final

from benchmarks.chaos.guest import Guest, is_left_alone
from benchmarks.chaos.processes import halt, kill, processes_of, wake
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.system import DRAINED_S
from benchmarks.chaos.trial import Trial
from benchmarks.child_process import ChildProcess

SPEAKING: Final = "agent speaks"
UNANSWERED: Final = "question unanswered"
IDLE: Final = "nobody speaks"

_INTO_THE_ANSWER_S: Final = 1.5
_THINKING_MS: Final = 1200
_COMMITTED_S: Final = 0.5
"""After the model was asked: by then the turn has ended for good, and no word was answered."""
_STOPPED_S: Final = 30.0
_AWAKE_S: Final = 5.0
_ROLLING_GUESTS: Final = 4

Victims = Callable[[ChildProcess, int], list[int]]


async def kill_tree(stage: Stage, trial: Trial) -> None:
    """The whole worker, as when its machine or container goes."""
    moment = trial.pick(SPEAKING, UNANSWERED, IDLE)
    await _kill(stage, trial, moment, lambda worker, _: processes_of(worker.pid))


async def kill_parent(stage: Stage, trial: Trial) -> None:
    """The process that LiveKit knows. Its jobs are orphans, which may as well go on: so it never
    happens while nobody speaks, when nobody would notice."""
    moment = trial.pick(SPEAKING, UNANSWERED)
    await _kill(stage, trial, moment, lambda worker, _: [worker.pid])


async def kill_job(stage: Stage, trial: Trial) -> None:
    """The process that holds the session; its worker lives."""
    moment = trial.pick(SPEAKING, UNANSWERED, IDLE)
    await _kill(stage, trial, moment, lambda _, job: [job])


async def stop_and_wake(stage: Stage, trial: Trial) -> None:
    """The worker stands still for half a minute, and wakes when another has its session."""
    async with stage.guest(trial) as guest:
        worker, _ = await _reach(stage, guest, trial.pick(SPEAKING, UNANSWERED, IDLE))
        halted = processes_of(worker.pid)
        fault_at = time.monotonic()
        halt(halted)
        try:
            trial.took(await guest.hear_again(fault_at))
            await guest.calm()
            await stage.recalls(guest, trial)
            await asyncio.sleep(max(0.0, fault_at + _STOPPED_S - time.monotonic()))
        finally:
            wake(halted)
        trial.must(await is_left_alone(guest, _AWAKE_S), "the woken one was heard")
        await stage.recalls(guest, trial)


async def cut_off_from_livekit(stage: Stage, trial: Trial) -> None:
    """Signalling and media are away from the worker that holds the session, and come back when
    another has it."""
    async with stage.guest(trial) as guest:
        worker, _ = await _reach(stage, guest, trial.pick(SPEAKING, UNANSWERED, IDLE))
        road = stage.system.island_of(worker).road
        fault_at = time.monotonic()
        road.close()
        try:
            trial.took(await guest.hear_again(fault_at))
            await guest.calm()
            await stage.recalls(guest, trial)
        finally:
            road.open()
        trial.must(await is_left_alone(guest, _AWAKE_S), "the one that is back was heard")
        await stage.recalls(guest, trial)


async def drain(stage: Stage, trial: Trial) -> None:
    """SIGTERM to the worker that holds the session, while the conversation goes on."""
    async with stage.guest(trial) as guest:
        usual_s = [await guest.exchange(), await guest.exchange()]
        worker, _ = stage.holder_of(guest)
        worker.terminate()
        deadline = time.monotonic() + DRAINED_S
        waits_s = []
        while worker.is_running and time.monotonic() < deadline:
            waits_s.append(await guest.exchange())
        trial.must(not worker.is_running, "not drained")
        waits_s.append(await guest.exchange())
        await stage.recalls(guest, trial)
        trial.took(max(0.0, max(waits_s) - min(usual_s)))


async def roll(stage: Stage, trial: Trial) -> None:
    """Each worker is replaced by a new one, while four conversations go on."""
    async with AsyncExitStack() as stack:
        guests = [
            await stack.enter_async_context(stage.guest(trial)) for _ in range(_ROLLING_GUESTS)
        ]
        usual_s = [await guest.exchange() for guest in guests]
        done = asyncio.Event()
        talks = [asyncio.create_task(_talk(guest, done)) for guest in guests]
        try:
            for old in list(stage.system.workers):
                await stage.system.deploy(old)
        finally:
            done.set()
            waits_s: Sequence[list[float] | BaseException] = await asyncio.gather(
                *talks, return_exceptions=True
            )
        for waited, usual in zip(waits_s, usual_s, strict=True):
            if isinstance(waited, BaseException):
                trial.problems[f"session lost: {waited}"] += 1
            else:
                trial.took(max(0.0, max(waited) - usual))
        for guest in guests:
            await stage.recalls(guest, trial)


async def _talk(guest: Guest, done: asyncio.Event) -> list[float]:
    """What each answer was waited for, until done and once more."""
    waits_s = []
    while not done.is_set():
        waits_s.append(await guest.exchange())
    return [*waits_s, await guest.exchange()]


async def _kill(stage: Stage, trial: Trial, moment: str, victims: Victims) -> None:
    async with stage.guest(trial) as guest:
        worker, job = await _reach(stage, guest, moment)
        whole = processes_of(worker.pid)
        doomed = victims(worker, job)
        fault_at = time.monotonic()
        kill(doomed)
        replacing = asyncio.create_task(stage.system.replace_dead())
        try:
            trial.took(await guest.hear_again(fault_at))
            await guest.calm()
            await stage.recalls(guest, trial)
        finally:
            await replacing
            if worker.pid in doomed:
                kill(whole)


async def _reach(stage: Stage, guest: Guest, moment: str) -> tuple[ChildProcess, int]:
    """Talk until the moment; who holds the session then."""
    await guest.exchange()
    holder = stage.holder_of(guest)
    if moment == SPEAKING:
        await guest.hear_answer(await guest.ask())
        await asyncio.sleep(_INTO_THE_ANSWER_S)
    elif moment == UNANSWERED:
        await _ask_unanswered(stage, guest)
    return holder


async def _ask_unanswered(stage: Stage, guest: Guest) -> None:
    """A question that the model has been asked and has not begun to answer."""
    script = stage.script
    stage.system.sandbox.follow(
        replace(script, chat=replace(script.chat, first_token_ms=_THINKING_MS))
    )
    text = f"Where are you, by the way, caller {len(guest.said)}?"
    try:
        await guest.type(text)
        await guest.caller.wait_for(
            lambda: stage.requests_about(text), what="the model's request", timeout_s=10.0
        )
        await asyncio.sleep(_COMMITTED_S)
    finally:
        stage.system.sandbox.follow(script)
