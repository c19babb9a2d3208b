"""What a benchmark of a conversation can be told."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.network import NETWORKS
from benchmarks.scenario import PROFILES, Latencies, Scenario
from sandbox.scripted.punctuation import HABITS

DEFAULT_HABIT: Final = HABITS[0]


@dataclass(frozen=True)
class RigOptions:
    """`api_url` None: the run starts a system of its own on the scenario's script. `told_rightly`:
    so many texts of a hundred its model judges rightly, None where it is not asked.
    `acknowledge_after_ms`: 0 for never. `flags`: those of the benchmark's own that were given."""

    turns: int
    sessions: int
    warm_up: int
    floor: int
    api_url: str | None
    api_key: str | None
    latencies: Latencies
    profile: str
    punctuation: str
    told_rightly: int | None
    network: str
    json: Path | None
    html: Path | None = None
    acknowledge_after_ms: int = 0
    flags: frozenset[str] = frozenset()


def parse_options(
    description: str,
    *,
    turns: int,
    argv: list[str] | None = None,
    flags: Mapping[str, str] | None = None,
) -> RigOptions:
    """`flags`: names and helps of options that only this benchmark has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--turns", type=int, default=turns, help="turns a session")
    parser.add_argument("--sessions", type=int, default=1, help="sessions at once")
    parser.add_argument("--warm-up", type=int, default=2, help="first turns that do not count")
    parser.add_argument("--floor", type=int, default=0, metavar="N", help="also N transport echoes")
    parser.add_argument(
        "--api-url", help="measure a running system instead of one of the run's own"
    )
    parser.add_argument("--key", help="API key of the running system")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    parser.add_argument("--html", type=Path, metavar="OUT.html", help="the report, one file")
    for flag, about in (flags or {}).items():
        parser.add_argument(f"--{flag}", action="store_true", help=about)
    add_conditions(parser)
    parser.add_argument(
        "--told-rightly",
        type=int,
        metavar="PERCENT",
        help="ask the model whether the caller is done; how often it is right",
    )
    parser.add_argument(
        "--acknowledge-after",
        type=int,
        default=0,
        metavar="MS",
        help='after the caller\'s last sound a late answer is preceded by a "hmm"',
    )
    args = parser.parse_args(argv)
    if bool(args.api_url) != bool(args.key):
        parser.error("--api-url and --key go together")
    latencies = read_latencies(args)
    if args.api_url and latencies != Latencies():
        parser.error("a running system's providers have latencies of their own")
    if args.api_url and args.punctuation != DEFAULT_HABIT:
        parser.error("a running system's recogniser has habits of its own")
    if args.api_url and args.told_rightly is not None:
        parser.error("a running system's model tells what it can")
    if args.api_url and args.acknowledge_after:
        parser.error("a running system's settings are its own")
    if args.api_url and args.network != "clean":
        parser.error("a running system's network is what it is")
    if args.api_url and args.floor:
        parser.error("the floor needs LiveKit's secret: python -m benchmarks.transport_floor")
    return RigOptions(
        turns=args.turns,
        sessions=args.sessions,
        warm_up=args.warm_up,
        floor=args.floor,
        api_url=args.api_url,
        api_key=args.key,
        latencies=latencies,
        profile=args.profile,
        punctuation=args.punctuation,
        told_rightly=args.told_rightly,
        network=args.network,
        json=args.json,
        html=args.html,
        acknowledge_after_ms=args.acknowledge_after,
        flags=frozenset(flag for flag in flags or {} if getattr(args, flag)),
    )


def add_conditions(parser: argparse.ArgumentParser) -> None:
    """The network, and the scripted providers: a profile's latencies, single ones, habits."""
    scripted = parser.add_argument_group("conditions (a system of the run's own)")
    scripted.add_argument(
        "--network", choices=NETWORKS, default="clean", help="between the caller and the server"
    )
    scripted.add_argument(
        "--profile", choices=tuple(PROFILES), default="lab", help="latencies by name"
    )
    scripted.add_argument(
        "--punctuation",
        choices=HABITS,
        default=DEFAULT_HABIT,
        help="where the recogniser sets full stops: at sentences' ends, nowhere, at every pause",
    )
    scripted.add_argument("--stt-ms", type=int)
    scripted.add_argument("--partial-ms", type=int, help="from a word's end to the partial with it")
    scripted.add_argument("--silence-window-ms", type=int)
    scripted.add_argument("--first-token-ms", type=int)
    scripted.add_argument("--tokens-per-s", type=float)
    scripted.add_argument("--tts-first-byte-ms", type=int)


def read_latencies(args: argparse.Namespace) -> Latencies:
    """What `add_conditions` asked for."""
    single = Latencies(
        stt_ms=args.stt_ms,
        partial_ms=args.partial_ms,
        silence_window_ms=args.silence_window_ms,
        first_token_ms=args.first_token_ms,
        tokens_per_s=args.tokens_per_s,
        tts_first_byte_ms=args.tts_first_byte_ms,
    )
    return single.over(PROFILES[args.profile])


def settings_of(options: RigOptions, scenario: Scenario) -> dict[str, Any]:
    """What a result says about how it was made; no key."""
    return {
        "turns": options.turns,
        "sessions": options.sessions,
        "scenario": scenario.name,
        "profile": options.profile,
        "punctuation": options.punctuation,
        "told_rightly": options.told_rightly,
        "acknowledge_after_ms": options.acknowledge_after_ms,
        "network": options.network,
        "api_url": options.api_url,
        "session": scenario.session,
        "sandbox": None if options.api_url else scenario.sandbox,
    }
