"""`python -m benchmarks.recorded_calls`: what a recording costs, and whether it is true.

Calls that are recorded and calls that are not take turns, with the same clips, so that a machine
that drifts drifts for both. Recordings are fetched as a tenant fetches them, and laid beside the
turns that were recorded with them: `cli.heard_latency`, which `vaarta audit-latency` is made of.

::

    create, greeted, settled ──▶ CPU ──▶ questions and answers ──▶ CPU ──▶ leave ──▶ recording
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.exchange import NotMeasured, ask
from benchmarks.network import NETWORKS, NetworkUnavailable, Place, network
from benchmarks.output import run_and_leave
from benchmarks.result import Environment, Tally, read_environment
from benchmarks.rewinding import rewound_cpu_s_a_minute
from benchmarks.rig import Call, open_call
from benchmarks.scenario import Scenario, load_scenario
from benchmarks.stats import Summary
from benchmarks.system import System, scripted_system
from benchmarks.usage import runs_of, work_between
from cli.caller.printout import text_table
from cli.caller.session_api import SessionApi
from cli.heard_latency import channels_of, heard_responses

VOICE: Final = ("voice_to_voice", "voice_to_voice, recorded")
TAPE: Final = "the tape alone, on the same sound"
COSTS: Final = ("worker", "worker, recorded", TAPE)
CALLER: Final = "caller's last sound off its turn"
AGENT: Final = "agent's first sound off its turn"
UNEXPLAINED: Final = "unexplained"
BEYOND: Final = "voice_to_voice, beyond the recording's"
APART: Final = "the same, off its median"
METRICS: Final = (*VOICE, CALLER, AGENT, UNEXPLAINED, BEYOND, APART)
_THINK_S: Final = (0.2, 0.6)
_SETTLED_S: Final = 4.0
"""After the greeting: by then the process for the next call stands ready."""


@dataclass(frozen=True)
class RecordedCalls:
    """`cpu_s_a_minute`: a session-minute, a call each; a worker's is of all of its processes."""

    environment: Environment
    settings: Mapping[str, Any]
    summaries: Mapping[str, Summary | None]
    samples_ms: Mapping[str, Sequence[float]]
    unheard_turns: int
    errors: Mapping[str, int]
    discards: Mapping[str, int]
    cpu_s_a_minute: Mapping[str, Sequence[float]]

    def table(self) -> str:
        rows = [["ms", "n", "p50", "p95", "max"]]
        for name, one in self.summaries.items():
            cells = (
                ["-"] * 3 if one is None else [f"{of:.0f}" for of in (one.p50, one.p95, one.max)]
            )
            rows.append([name, str(one.n if one else 0), *cells])
        costs = [["CPU s a session-minute", "calls", "mean", "each", ""]]
        for name, of in self.cpu_s_a_minute.items():
            each = " ".join(f"{one:.2f}" for one in of)
            costs.append([name, str(len(of)), f"{sum(of) / max(1, len(of)):.2f}", each, ""])
        left = f"turns not heard: {self.unheard_turns}"
        left += f", errors {dict(self.errors)}, discarded {dict(self.discards)}"
        return f"{text_table(rows)}\n\n{text_table(costs)}\n\n{left}"


@dataclass
class _Run:
    system: System
    scenario: Scenario
    turns: int
    tally: Tally = field(default_factory=Tally)
    unheard: int = 0
    took_ms: dict[int, float] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in COSTS})

    async def call(self, *, is_recorded: bool) -> None:
        body = {**self.scenario.session, "record": is_recorded}
        pids = (self.system.worker_pid or 0,)
        async with open_call(self.system, replace(self.scenario, session=body)) as call:
            await asyncio.sleep(_SETTLED_S)
            self.took_ms.clear()
            began_at, before = time.monotonic(), runs_of(pids)
            await self._talk(call, VOICE[is_recorded])
            took_s, after = time.monotonic() - began_at, runs_of(pids)
        self.cpu[COSTS[is_recorded]].append(work_between(before, after).cpu_s / took_s * 60)
        if is_recorded:
            await self._audit(call.session_id)

    async def _talk(self, call: Call, metric: str) -> None:
        thinking = random.Random(0)
        for number in range(self.turns):
            await asyncio.sleep(thinking.uniform(*_THINK_S))
            try:
                answer = await ask(call.caller, call.clip(number))
            except NotMeasured as exc:
                exc.note(self.tally)
                continue
            turn = await call.dialogue.hear_answer(answer.span.last_speech_at)
            if turn is not None and answer.fault is None:
                self.took_ms[turn.turn_index] = answer.took_ms
            if answer.fault is not None:
                self.tally.discards[answer.fault] += 1
            elif number:
                self.tally.add(metric, answer.took_ms)

    async def _audit(self, session_id: str) -> None:
        async with SessionApi(self.system.api_url, self.system.api_key) as api:
            data = await api.recording(session_id)
            turns = await api.turns(session_id)
        channels = channels_of(data)
        self.cpu[TAPE].append(rewound_cpu_s_a_minute(data))
        for one in heard_responses(*channels, turns):
            if one.caller_off_ms is None or one.agent_off_ms is None or one.heard_ms is None:
                self.unheard += 1
                continue
            if one.turn_index in self.took_ms:
                self.tally.add(BEYOND, self.took_ms[one.turn_index] - one.heard_ms)
            self.tally.add(CALLER, abs(one.caller_off_ms))
            self.tally.add(AGENT, abs(one.agent_off_ms))
            self.tally.add(UNEXPLAINED, one.unexplained_ms)


async def run(pairs: int, turns: int, place: Place) -> RecordedCalls:
    """Raises SystemFailed, LiveKitMissing, CallerError."""
    environment = read_environment()
    scenario = load_scenario("recorded_calls")
    async with scripted_system(scenario, place) as system:
        run = _Run(system, scenario, turns)
        for pair in range(pairs):
            for is_recorded in (False, True) if pair % 2 == 0 else (True, False):
                await run.call(is_recorded=is_recorded)
    tally = run.tally
    if (beyond := tally.summary(BEYOND)) is not None:
        for one in tally.samples_ms[BEYOND]:
            tally.add(APART, abs(one - beyond.p50))
    return RecordedCalls(
        environment,
        {"pairs": pairs, "turns": turns, "scenario": scenario.name, "address": place.address},
        {name: tally.summary(name) for name in METRICS},
        tally.samples_ms,
        run.unheard,
        dict(tally.errors),
        dict(tally.discards),
        run.cpu,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=3, help="calls without and with a recording")
    parser.add_argument("--turns", type=int, default=9, help="questions a call; the first warms up")
    parser.add_argument("--network", choices=NETWORKS, default="clean", help="the caller's")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args()
    try:
        with network(args.network) as place:
            run_and_leave(run(args.pairs, args.turns, place), args.json)
    except NetworkUnavailable as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc


if __name__ == "__main__":
    main()
