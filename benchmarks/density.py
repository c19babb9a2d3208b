"""`python -m benchmarks.density --sessions 1,4`: what a session costs its worker.

Callers ask and listen all the time, each in a session of its own; meanwhile the processor time of
the worker's processes is read, and at the end their memory. `bare` is the SDK alone with as much
sound in both directions: what no agent on it can be cheaper than.

::

    started      greeted ──▶ settled ──▶ talk, --seconds long ──▶ leave
    memory                   CPU                   CPU again, memory again
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.clips import read
from benchmarks.density_calls import Held, Host, bare_host, hold_calls, host_of
from benchmarks.output import run_and_leave
from benchmarks.peer_calls import NAMES, check_installed, contender
from benchmarks.result import Environment, read_environment
from benchmarks.scenario import Scenario, load_scenario
from benchmarks.system import System, scripted_system
from benchmarks.usage import Memory, memory_of
from cli.caller.printout import text_table

BARE: Final = "bare"
SYSTEMS: Final = (*NAMES, BARE)
_SHOWN_THREADS: Final = 12
_QUIET_S: Final = 2.0
"""A worker that has just started still does what it started for."""


@dataclass(frozen=True)
class Cost:
    """Of `sessions` at once; `start` is what the system held before its first call."""

    system: str
    sessions: int
    seconds: float
    start: Memory
    held: Held

    @property
    def cpu_s_a_minute(self) -> float:
        """Of one session."""
        return self.held.work.cpu_s / self._session_minutes

    @property
    def pss_mb_a_session(self) -> float:
        """Over the start."""
        return (self.held.memory.pss_mb - self.start.pss_mb) / self.sessions

    def row(self, bare: "Cost | None") -> list[str]:
        n, work, memory, media = self.sessions, self.held.work, self.held.memory, self.held.media
        ratio = "-" if bare is None else f"{self.cpu_s_a_minute / bare.cpu_s_a_minute:.2f}"
        return [
            self.system,
            str(n),
            f"{self.cpu_s_a_minute:.2f}",
            ratio,
            f"{work.wakeups / self.seconds / n:.0f}",
            f"{self.start.pss_mb:.0f}",
            f"{self.pss_mb_a_session:.1f}",
            f"{memory.rss_mb:.0f}",
            f"{memory.threads / memory.processes:.0f}",
            f"{memory.descriptors / memory.processes:.0f}",
            f"{media.answered_s:.0f} + {media.asked_s:.0f}",
        ]

    def threads(self) -> list[list[str]]:
        """Those that cost most, processor seconds a session-minute."""
        most = sorted(self.held.work.by_thread.items(), key=lambda one: -one[1])[:_SHOWN_THREADS]
        name = f"{self.system}, {self.sessions}"
        return [[name, of, f"{cpu_s / self._session_minutes:.2f}", ""] for of, cpu_s in most]

    @property
    def _session_minutes(self) -> float:
        return self.sessions * self.seconds / 60


_TITLES: Final = (
    "system",
    "sessions",
    "CPU s/min",
    "/ bare",
    "wake-ups/s",
    "PSS before",
    "PSS each",
    "RSS",
    "threads",
    "fds",
    "s sound/min, out + in",
)


@dataclass(frozen=True)
class Density:
    """The costs of all systems in one run. Memory in MB; threads and descriptors a process."""

    environment: Environment
    settings: Mapping[str, Any]
    costs: list[Cost]

    def table(self) -> str:
        bare = {cost.sessions: cost for cost in self.costs if cost.system == BARE}
        rows = [list(_TITLES), *(cost.row(bare.get(cost.sessions)) for cost in self.costs)]
        threads = [["system, sessions", "thread", "CPU s/min", ""]]
        threads += [row for cost in self.costs for row in cost.threads()]
        return f"{text_table(rows)}\n\n{text_table(threads)}"


async def run(systems: Sequence[str], sessions: Sequence[int], seconds: float) -> Density:
    """Raises PeerMissing, SystemFailed, LiveKitMissing, CallerError."""
    check_installed(tuple(name for name in systems if name != BARE))
    environment = read_environment()
    scenario = load_scenario("response_latency")
    settings = {"systems": systems, "sessions": sessions, "seconds": seconds}
    found = Density(environment, settings, [])
    async with scripted_system(scenario) as system:
        clips = [read(record) for record in scenario.clips]
        for name in systems:
            async with _hosted(name, system, scenario, found.costs) as host:
                await asyncio.sleep(_QUIET_S)
                start = memory_of(host.pids())
                for n in sessions:
                    held = await hold_calls(host, clips, n, seconds)
                    found.costs.append(Cost(name, n, seconds, start, held))
    return found


@asynccontextmanager
async def _hosted(
    name: str, system: System, scenario: Scenario, costs: Sequence[Cost]
) -> AsyncIterator[Host]:
    """An agent, or the SDK alone with as much sound as the first agent that was measured."""
    if name != BARE:
        async with contender(name, system, scenario) as started:
            yield host_of(started)
        return
    assert system.livekit is not None
    yield bare_host(system.livekit, costs[0].held.media if costs else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", default="1,4", help="how many at once, in turn")
    parser.add_argument("--seconds", type=float, default=60.0, help="of talk")
    parser.add_argument(
        "--systems", default=f"{NAMES[0]},{BARE}", help=f"some of {','.join(SYSTEMS)}, in turn"
    )
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    systems = tuple(args.systems.split(","))
    if unknown := set(systems) - set(SYSTEMS):
        parser.error(f"--systems: {', '.join(sorted(unknown))} is none of {', '.join(SYSTEMS)}")
    sessions = tuple(int(n) for n in args.sessions.split(","))
    run_and_leave(run(systems, sessions, args.seconds), args.json)


if __name__ == "__main__":
    main()
