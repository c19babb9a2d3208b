"""`python -m benchmarks.burst`: more callers at once than the fleet has places.

A system of the run's own, whose one worker takes `--places` calls. So many sessions as `--creates`
are asked for at once. Once everybody was answered, those who got one connect, one after the other
over `--connect-over` seconds, and leave when they hear the greeting.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp

from benchmarks.api_load_rows import CREATES_PER_TENANT
from benchmarks.greeting import METRIC, keys_of_tenants
from benchmarks.output import run_and_leave
from benchmarks.result import BenchmarkResult, Tally, read_environment
from benchmarks.rig import hear_onset
from benchmarks.scenario import Scenario, load_scenario
from benchmarks.system import System, scripted_system
from cli.caller.caller import Caller
from cli.caller.errors import CallerError

CREATED: Final = "create answered with a session"
REFUSED: Final = "create answered with 503"
_SESSIONS: Final = "/v1/voice/sessions"
_STATUS: Final = "/api/v1/status"
_TOLD_WITHIN_S: Final = 15.0
_TIMEOUT: Final = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True)
class BurstOptions:
    """`settings` stand over those that `places` make."""

    creates: int
    places: int
    connect_over_s: float
    settings: dict[str, str]
    json: Path | None


async def run(options: BurstOptions) -> BenchmarkResult:
    """Raises SystemFailed, LiveKitMissing."""
    environment = read_environment()
    scenario = load_scenario("peers")
    of_places = {"AGENT_CAPACITY": str(options.places), "AGENT_IDLE_PROCESSES": str(options.places)}
    settings = of_places | options.settings
    async with scripted_system(scenario, settings=settings) as system:
        keys = await keys_of_tenants(system, options.creates)
        tally = await _burst(system, scenario, keys, options)
    told = {"creates": options.creates, "connect_over_s": options.connect_over_s, **settings}
    return tally.result("burst", told, environment)


async def _burst(
    system: System, scenario: Scenario, keys: Sequence[str], options: BurstOptions
) -> Tally:
    tally = Tally()
    async with aiohttp.ClientSession(system.api_url, timeout=_TIMEOUT) as http:
        await _has_told(http, system.api_key)
        asked = (
            _create(http, keys[number // CREATES_PER_TENANT], scenario, tally)
            for number in range(options.creates)
        )
        made = [one for one in await asyncio.gather(*asked) if one is not None]
    pause_s = options.connect_over_s / max(1, len(made))
    async with asyncio.TaskGroup() as group:
        for session in made:
            group.create_task(_listen(session, tally))
            await asyncio.sleep(pause_s)
    return tally


async def _has_told(http: aiohttp.ClientSession, key: str) -> None:
    """Until the API knows of the worker and its places."""
    async with asyncio.timeout(_TOLD_WITHIN_S):
        while True:
            async with http.get(_STATUS, headers={"Authorization": f"Bearer {key}"}) as response:
                if (await response.json())["workers"]:
                    return
            await asyncio.sleep(0.2)


async def _create(
    http: aiohttp.ClientSession, key: str, scenario: Scenario, tally: Tally
) -> dict[str, Any] | None:
    """The session, None for who is told that there is no place."""
    headers, began_at = {"Authorization": f"Bearer {key}"}, time.monotonic()
    async with http.post(_SESSIONS, json=scenario.session, headers=headers) as response:
        body: dict[str, Any] = await response.json()
    took_ms = (time.monotonic() - began_at) * 1000
    if response.status == 201:
        tally.add(CREATED, took_ms)
        return body
    if response.status == 503 and "Retry-After" in response.headers:
        tally.add(REFUSED, took_ms)
    else:
        tally.errors[f"answered {response.status}"] += 1
    return None


async def _listen(session: dict[str, Any], tally: Tally) -> None:
    """Connect, hear the greeting begin, leave."""
    onset = None
    try:
        async with Caller(session["ws_url"], session["token"]) as caller:
            since = caller.connect_started_at or 0.0
            onset = await hear_onset(caller, since)
            tally.add(METRIC, None if onset is None else (onset - since) * 1000)
    except CallerError as exc:
        tally.errors[f"call broke off: {exc}"] += 1
    tally.count("silent rooms", onset is None)


def parse_options(argv: list[str] | None = None) -> BurstOptions:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--creates", type=int, default=50, help="sessions asked for at once")
    parser.add_argument("--places", type=int, default=20, help="that the fleet has")
    parser.add_argument("--connect-over", type=float, default=20.0, metavar="SECONDS")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="settings")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args(argv)
    settings = dict(setting.split("=", 1) for setting in args.settings)
    return BurstOptions(args.creates, args.places, args.connect_over, settings, args.json)


def main() -> None:
    options = parse_options()
    run_and_leave(run(options), options.json)


if __name__ == "__main__":
    main()
