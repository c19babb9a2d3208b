"""What every benchmark of a conversation shares: a system, calls on it.

::

    caller speaks  ____/‾‾‾‾‾‾‾‾‾\\__________________
                       |        | last_speech_at
                       first_speech_at
    agent heard    ___________________/‾‾‾‾‾‾‾‾‾‾‾‾‾
                                |--->| voice to voice
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from benchmarks.clips import ClipRecord, read
from benchmarks.floor import LATE_S, measure_floor
from benchmarks.options import RigOptions, settings_of
from benchmarks.result import BenchmarkResult, Tally, read_environment
from benchmarks.scenario import Scenario, load_scenario
from benchmarks.system import System, scripted_system
from cli.caller.caller import Caller
from cli.caller.clip import Clip
from cli.caller.dialogue import Dialogue
from cli.caller.errors import CallerError, CallTimeout
from cli.caller.microphone import PlayedSpan
from cli.caller.session_api import SessionApi
from cli.caller.turn import Turn

PAUSE_GAP_S: Final = 0.3
"""An agent silent for longer has stopped; between its words it is silent for less."""
ANSWER_TIMEOUT_S: Final = 10.0


@dataclass
class Call:
    """A caller in a session whose greeting is over."""

    caller: Caller
    dialogue: Dialogue
    records: tuple[ClipRecord, ...]
    clips: list[Clip]

    def clip(self, number: int) -> Clip:
        """The scenario's clips, round and round."""
        return self.clips[number % len(self.clips)]

    def is_heard_right(self, number: int, turn: Turn) -> bool:
        """Whether the turn holds the clip's words, all of them and no others."""
        return turn.user_transcript.strip() == self.records[number % len(self.records)].text

    async def hear_onset(self, since: float) -> float | None:
        """When the agent began to sound after `since`; None when it did not in time."""
        return await hear_onset(self.caller, since)

    def is_agent_sounding(self) -> bool:
        return self.caller.agent_sound.is_sounding(time.monotonic(), PAUSE_GAP_S)


@dataclass(frozen=True)
class Benchmark:
    """`converse`: one session's talk; it adds what it measures to the tally, may raise CallerError.

    The scenario of that name says what is played and answered.
    """

    name: str
    converse: Callable[[Call, RigOptions, Tally], Awaitable[None]]


async def run_benchmark(benchmark: Benchmark, options: RigOptions) -> BenchmarkResult:
    """The floor if it was asked for, then `options.sessions` calls at once.

    Raises SystemFailed, or CallerError from the floor.
    """
    environment = read_environment()
    scenario = load_scenario(benchmark.name).with_latencies(options.latencies)
    tally = Tally()

    async def run_session(opening: AbstractAsyncContextManager[Call]) -> None:
        """One that breaks off is an error in the tally; the others go on."""
        try:
            async with opening as call:
                await benchmark.converse(call, options, tally)
        except CallerError as exc:
            tally.errors[f"session broke off: {exc}"] += 1

    async with open_system(options, scenario) as system:
        if options.floor and system.livekit is not None:
            await measure_floor(system.livekit, options.floor, tally)
        async with asyncio.TaskGroup() as group:
            for _ in range(options.sessions):
                group.create_task(run_session(open_call(system, scenario)))
    return tally.result(benchmark.name, settings_of(options, scenario), environment)


@asynccontextmanager
async def open_system(options: RigOptions, scenario: Scenario) -> AsyncIterator[System]:
    """The running system that was named, or one for this run. Raises SystemFailed."""
    if options.api_url and options.api_key:
        yield System(options.api_url, options.api_key)
    else:
        async with scripted_system(scenario) as system:
            yield system


@asynccontextmanager
async def open_call(system: System, scenario: Scenario) -> AsyncIterator[Call]:
    """Create a session, join, hear the greeting; delete the session. Raises CallerError."""
    async with SessionApi(system.api_url, system.api_key) as api:
        session = await api.create(scenario.session)
        try:
            async with Caller(session.ws_url, session.token) as caller:
                dialogue = Dialogue(caller)
                await dialogue.hear_greeting()
                clips = [read(record) for record in scenario.clips]
                yield Call(caller, dialogue, scenario.clips, clips)
        finally:
            await api.delete(session.id)


async def hear_onset(caller: Caller, since: float) -> float | None:
    """When the agent began to sound after `since`; None when it did not in time."""
    sound = caller.agent_sound
    try:
        return await caller.wait_for(
            lambda: sound.onset_after(since), what="an answer", timeout_s=ANSWER_TIMEOUT_S
        )
    except CallTimeout:
        return None


def reason_to_discard(caller: Caller, span: PlayedSpan, overruns_before: int) -> str | None:
    """Why the machine, and not the system, made this turn what it is."""
    if caller.overruns > overruns_before:
        return "caller held up"
    return "caller late" if span.worst_lateness_s > LATE_S else None
