"""`python -m benchmarks.greeting`: from a caller's connect to the greeting heard, moment by moment.

A system of the run's own; calls come alone, or `--sessions N` at once, each caller in a process of
its own. Every moment is told in milliseconds since the caller began to connect: its own from the
caller's process, the agent's from the line `session.greeted` of its session. All clocks are this
machine's.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import SecretStr

from agent.tracing.start_up import Moment
from benchmarks.api_load_rows import CREATES_PER_TENANT, add_tenant
from benchmarks.greeting_caller import CallerProcess, CallSeen
from benchmarks.output import run_and_leave
from benchmarks.result import BenchmarkResult, Tally, read_environment
from benchmarks.scenario import Scenario, load_scenario
from benchmarks.system import System, scripted_system
from cli.caller.errors import CallerError
from cli.caller.session_api import SessionApi
from core.setting_groups import DatabaseSettings
from store.pool import Database

METRIC: Final = "greeting heard"
OFFERED: Final = "agent: offered"
_AGENT: Final = get_args(Moment)
MOMENTS: Final = (
    "caller joined",
    OFFERED,
    *(f"agent: {moment}" for moment in _AGENT),
    "caller sees agent",
    "caller has track",
    METRIC,
)
_EVENT: Final = '"session.greeted"'
LATE_S: Final = 0.1
"""A caller who is given the agent's track so long after its first sound left has missed some of it.
Where their own process stood still for as long, that says nothing of the agent."""
_TOLD_WITHIN_S: Final = 5.0
_BETWEEN_S: Final = 1.0
"""Between rounds: who has just hung up is gone by then, and a warm process is there again."""


@dataclass(frozen=True)
class GreetingOptions:
    """`calls` in all, `sessions` at once; the first `warm_up` rounds do not count. Each caller
    connects `after_s` after the create."""

    calls: int
    sessions: int
    warm_up: int
    after_s: float
    settings: dict[str, str]
    json: Path | None


async def run(options: GreetingOptions) -> BenchmarkResult:
    """Raises SystemFailed, LiveKitMissing."""
    environment = read_environment()
    scenario = load_scenario("peers")
    tally = Tally()
    n_rounds = -(-options.calls // options.sessions)
    async with (
        scripted_system(scenario, settings=options.settings) as system,
        AsyncExitStack() as stack,
    ):
        # One after the other: eight that load the SDK at once are late on a busy machine.
        callers = [
            await stack.enter_async_context(CallerProcess.started())
            for _ in range(options.sessions)
        ]
        keys = await keys_of_tenants(system, (n_rounds + options.warm_up) * options.sessions)
        for number in range(options.warm_up + n_rounds):
            told = tally if number >= options.warm_up else Tally()
            async with asyncio.TaskGroup() as group:
                for index, caller in enumerate(callers):
                    key = keys[(number * options.sessions + index) // CREATES_PER_TENANT]
                    call = _Call(system, scenario, key, options.after_s)
                    group.create_task(call.by(caller, told))
            await asyncio.sleep(_BETWEEN_S)
    settings = {
        "calls": options.calls,
        "sessions": options.sessions,
        "after_s": options.after_s,
        **options.settings,
    }
    return tally.result("greeting", settings, environment)


async def keys_of_tenants(system: System, calls: int) -> Sequence[str]:
    """Of as many tenants as it takes: each may make ten sessions a minute."""
    assert system.database_url is not None
    database = await Database.open(DatabaseSettings(url=SecretStr(system.database_url)))
    try:
        return [(await add_tenant(database))[1] for _ in range(-(-calls // CREATES_PER_TENANT))]
    finally:
        await database.close()


@dataclass(frozen=True)
class _Call:
    """One session of the key's tenant, to be called `after_s` after its create."""

    system: System
    scenario: Scenario
    key: str
    after_s: float

    async def by(self, caller: CallerProcess, tally: Tally) -> None:
        """One that breaks off is an error in the tally."""
        try:
            async with SessionApi(self.system.api_url, self.key) as api:
                session = await api.create(self.scenario.session)
                try:
                    await asyncio.sleep(self.after_s)
                    seen = await caller.call(session.ws_url, session.token)
                    told = await _greeted(self.system, session.id)
                    note(seen, told, tally, time.time() - time.monotonic())
                finally:
                    await api.delete(session.id)
        except CallerError as exc:
            tally.errors[f"call broke off: {exc}"] += 1


def note(seen: CallSeen, told: Mapping[str, Any], tally: Tally, boot_at: float) -> None:
    """What the caller saw, and what the agent told by a clock that began at `boot_at`, seconds
    since 1970."""
    agents = _agents(told, boot_at)
    is_late = (seen.agent_track_at or 0.0) > agents["agent: sounded"] + LATE_S
    if is_late and seen.held_up_s > LATE_S:
        tally.discards["caller late"] += 1
        return
    if seen.heard_at is None:
        tally.errors["no greeting"] += 1
    own: dict[str, float | None] = {
        "caller joined": seen.joined_at,
        "caller sees agent": seen.agent_joined_at,
        "caller has track": seen.agent_track_at,
        METRIC: seen.heard_at,
    }
    moments = {**agents, **own}
    for moment in MOMENTS:
        at = moments.get(moment)
        tally.add(moment, None if at is None else (at - seen.connect_started_at) * 1000)


def _agents(told: Mapping[str, Any], boot_at: float) -> dict[str, float]:
    """The agent's moments by the monotonic clock, which began at `boot_at` seconds since 1970."""
    offered_at: float = told["offered_at"] - boot_at
    after_s = {of: told[f"{of}_ms"] / 1000 for of in _AGENT if f"{of}_ms" in told}
    return {OFFERED: offered_at} | {f"agent: {of}": offered_at + s for of, s in after_s.items()}


async def _greeted(system: System, session_id: str) -> dict[str, Any]:
    """What the agent wrote of this session's start. Raises CallerError when it did not."""
    assert system.log is not None
    deadline = time.monotonic() + _TOLD_WITHIN_S
    while time.monotonic() < deadline:
        for line in system.log.read_text(errors="replace").splitlines():
            if _EVENT in line and session_id in line:
                return dict(json.loads(line[line.index("{") :]))
        await asyncio.sleep(0.1)
    raise CallerError("the agent told nothing of its start")


def parse_options(argv: list[str] | None = None) -> GreetingOptions:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=50, help="that count, in all")
    parser.add_argument("--sessions", type=int, default=1, help="calls at once")
    parser.add_argument("--warm-up", type=int, default=1, help="first rounds that do not count")
    parser.add_argument("--after", type=float, default=0.0, help="seconds from create to connect")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="settings")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args(argv)
    settings = dict(setting.split("=", 1) for setting in args.settings)
    return GreetingOptions(args.calls, args.sessions, args.warm_up, args.after, settings, args.json)


def main() -> None:
    options = parse_options()
    run_and_leave(run(options), options.json)


if __name__ == "__main__":
    main()
