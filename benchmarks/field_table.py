"""`python -m benchmarks.field_table --n 24`: every figure of the tables, part by part.

A part is measured in short runs; each is added to `benchmarks/results/PART.json` as it ends. What
is there of the same commit is not measured again: a run that was cut short goes on where it was.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import barge_in, peers, response_latency, turn_taking
from benchmarks.kept_result import RESULTS_DIR, KeptResult, code_commit
from benchmarks.livekit_server import LiveKitMissing
from benchmarks.network import NetworkUnavailable
from benchmarks.options import parse_options
from benchmarks.peer_calls import NAMES, PeerMissing
from benchmarks.result import BenchmarkResult, read_environment
from benchmarks.rig import Benchmark, run_benchmark
from benchmarks.system import SystemFailed
from cli.caller.errors import CallerError
from sandbox.scripted.punctuation import HABITS

PROFILES: Final = ("field", "lab")
_BENCHMARKS: Final[Mapping[str, Benchmark]] = {
    "latency": response_latency.BENCHMARK,
    "pauses": turn_taking.BENCHMARK,
    "barge_in": barge_in.BENCHMARK,
}
_TURNS: Final[Mapping[str, int]] = {"latency": 50, "pauses": 59, "barge_in": 20, "peers": 8}
"""In one run. The sentences with pauses are played once, all of them."""


@dataclass(frozen=True)
class Part:
    kind: str
    profile: str
    habit: str = HABITS[0]
    network: str = "clean"

    @property
    def name(self) -> str:
        lossy = "" if self.network == "clean" else f"-{self.network}"
        return f"{self.kind}-{self.profile}-{self.habit}{lossy}"

    def argv(self, turns: int) -> list[str]:
        conditions = ("--profile", self.profile, "--punctuation", self.habit)
        return ["--turns", str(turns), *conditions, "--network", self.network]


def parts() -> Iterator[Part]:
    """What matters most first."""
    for profile in PROFILES:
        yield Part("peers", profile)
    for kind in ("latency", "pauses", "barge_in"):
        for profile in PROFILES:
            yield Part(kind, profile)
    yield Part("latency", "field", network="lossy")
    for kind in ("latency", "pauses", "peers"):
        for profile in PROFILES:
            for habit in HABITS[1:]:
                yield Part(kind, profile, habit)


@dataclass(frozen=True)
class Order:
    """`n`: turns of each part, at least. `systems`: of the parts that have several."""

    n: int
    systems: tuple[str, ...]
    folder: Path = RESULTS_DIR

    def due(self, part: Part, kept: KeptResult | None) -> int:
        """How many turns the next run has; 0 where there are enough."""
        if kept is None or kept.commit != code_commit():
            return _TURNS[part.kind]
        if part.kind == "peers" and not set(self.systems) <= set(kept.systems):
            return _TURNS[part.kind]
        enough = 1 if part.kind == "pauses" else self.n
        return _TURNS[part.kind] if kept.asked < enough else 0


async def measure(part: Part, order: Order) -> None:
    """Until there is enough of it; what there is of another commit is begun anew."""
    path = order.folder / f"{part.name}.json"
    while turns := order.due(part, kept := KeptResult.read(path)):
        environment = read_environment()
        systems = await _run(part, order, turns)
        first = next(iter(systems.values()))
        is_new = kept is None or kept.commit != code_commit()
        if is_new or not set(systems) <= set(kept.systems if kept else ()):
            kept = KeptResult.begin(part.name, environment, first.settings)
        assert kept is not None
        kept.add(systems, turns)
        kept.write(order.folder)
        print(f"{part.name}: {kept.asked} turns a system", flush=True)


async def _run(part: Part, order: Order, turns: int) -> Mapping[str, BenchmarkResult]:
    argv = part.argv(turns)
    if part.kind == "peers":
        names = ("--systems", ",".join(order.systems))
        return (await peers.run(peers.parse_options([*argv, *names]))).systems
    result = await run_benchmark(_BENCHMARKS[part.kind], parse_options("", turns=turns, argv=argv))
    return {NAMES[0]: result}


def parse_order(argv: list[str] | None = None) -> tuple[Order, tuple[Part, ...]]:
    known = {part.name: part for part in parts()}
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--n", type=int, default=100, help="turns of each part, at least")
    parser.add_argument("--systems", default=",".join(NAMES), help="those that are compared")
    parser.add_argument("--parts", default=",".join(known), help="in this order")
    args = parser.parse_args(argv)
    chosen = args.parts.split(",")
    if unknown := [name for name in chosen if name not in known]:
        parser.error(f"--parts: {', '.join(unknown)} is none of {', '.join(known)}")
    if unknown := [name for name in args.systems.split(",") if name not in NAMES]:
        parser.error(f"--systems: {', '.join(unknown)} is none of {', '.join(NAMES)}")
    order = Order(args.n, tuple(args.systems.split(",")))
    return order, tuple(known[name] for name in chosen)


def main() -> int:
    """A part that cannot be measured here is said and passed over."""
    order, chosen = parse_order()
    is_whole = True
    for part in chosen:
        print(f"{part.name} …", flush=True)
        try:
            asyncio.run(measure(part, order))
        except (CallerError, PeerMissing, SystemFailed, LiveKitMissing, NetworkUnavailable) as exc:
            print(f"{part.name}: {exc}", file=sys.stderr, flush=True)
            is_whole = False
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
