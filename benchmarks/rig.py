"""What every benchmark of a conversation shares: a system, calls on it.

::

    caller speaks  ____/‾‾‾‾‾‾‾‾‾\\__________________
                       |        | last_speech_at
                       first_speech_at
    agent heard    ___________________/‾‾‾‾‾‾‾‾‾‾‾‾‾
                                |--->| voice to voice
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from benchmarks.clips import ClipRecord, read
from benchmarks.floor import LATE_S, measure_floor
from benchmarks.livekit_server import LiveKitMissing
from benchmarks.network import NetworkUnavailable, network
from benchmarks.options import RigOptions, settings_of
from benchmarks.result import BenchmarkResult, Tally, read_environment
from benchmarks.scenario import Scenario, load_scenario
from benchmarks.system import System, SystemFailed, scripted_system
from cli.caller.caller import Caller, CallOptions
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

    session_id: str
    caller: Caller
    dialogue: Dialogue
    scenario: Scenario
    clips: list[Clip]

    def clip(self, number: int) -> Clip:
        """The scenario's clips, round and round."""
        return self.clips[number % len(self.clips)]

    def record(self, number: int) -> ClipRecord:
        """What the manifest says of `clip(number)`."""
        return self.scenario.clips[number % len(self.scenario.clips)]

    def is_heard_right(self, number: int, turn: Turn) -> bool:
        """Whether the turn holds the clip's words, all of them and no others."""
        return turn.user_transcript.strip() == self.record(number).text

    async def hear_onset(self, since: float) -> float | None:
        """When the agent began to sound after `since`; None when it did not in time."""
        return await hear_onset(self.caller, since)

    def is_agent_sounding(self) -> bool:
        return self.caller.agent_sound.is_sounding(time.monotonic(), PAUSE_GAP_S)


@dataclass(frozen=True)
class Benchmark:
    """`converse`: one session's talk; it adds what it measures to the tally, may raise CallerError.

    The scenario of that name says what is played and answered. `kept_s`: seconds of the agent's
    sound that are kept, not only measured.
    """

    name: str
    converse: Callable[[Call, RigOptions, Tally], Awaitable[None]]
    kept_s: float = 0.0


def run_or_exit(benchmark: Benchmark, options: RigOptions) -> BenchmarkResult:
    """As `run_benchmark`; a machine that cannot do it is told so, with exit code 2."""
    try:
        return asyncio.run(run_benchmark(benchmark, options))
    except (SystemFailed, LiveKitMissing, NetworkUnavailable) as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc


async def run_benchmark(benchmark: Benchmark, options: RigOptions) -> BenchmarkResult:
    """The floor if it was asked for, then `options.sessions` calls at once.

    Raises SystemFailed, LiveKitMissing, NetworkUnavailable, or CallerError from the floor.
    """
    environment = read_environment()
    scenario = load_scenario(benchmark.name).on(
        options.latencies, options.punctuation, options.told_rightly
    )
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
                group.create_task(run_session(open_call(system, scenario, benchmark.kept_s)))
    return tally.result(benchmark.name, settings_of(options, scenario), environment)


@asynccontextmanager
async def open_system(options: RigOptions, scenario: Scenario) -> AsyncIterator[System]:
    """The running system that was named, or one for this run.

    Raises SystemFailed, LiveKitMissing, NetworkUnavailable.
    """
    if options.api_url and options.api_key:
        yield System(options.api_url, options.api_key)
    else:
        settings = {"ACKNOWLEDGE_AFTER_MS": str(options.acknowledge_after_ms)}
        with network(options.network) as place:
            async with scripted_system(scenario, place, settings) as system:
                yield system


@asynccontextmanager
async def open_call(system: System, scenario: Scenario, kept_s: float = 0.0) -> AsyncIterator[Call]:
    """Create a session, join, hear the greeting; delete the session. Raises CallerError."""
    async with SessionApi(system.api_url, system.api_key) as api:
        session = await api.create(scenario.session)
        try:
            options = CallOptions(kept_s=kept_s)
            async with Caller(session.ws_url, session.token, options) as caller:
                dialogue = Dialogue(caller)
                await dialogue.hear_greeting()
                clips = [read(record) for record in scenario.clips]
                yield Call(session.id, caller, dialogue, scenario, clips)
        finally:
            await api.delete(session.id)


async def hear_onset(
    caller: Caller, since: float, timeout_s: float = ANSWER_TIMEOUT_S
) -> float | None:
    """When the agent began to sound after `since`; None when it did not in time."""
    sound = caller.agent_sound
    try:
        return await caller.wait_for(
            lambda: sound.onset_after(since), what="an answer", timeout_s=timeout_s
        )
    except CallTimeout:
        return None


def reason_to_discard(caller: Caller, span: PlayedSpan, overruns_before: int) -> str | None:
    """Why the machine, and not the system, made this turn what it is."""
    if caller.overruns > overruns_before:
        return "caller held up"
    return "caller late" if span.worst_lateness_s > LATE_S else None
