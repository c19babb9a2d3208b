"""`vaarta dev`: the whole system on one machine."""

import argparse
import os
from pathlib import Path
from typing import Any

from cli.environment import add_data_dir

PORTS = ("api", "worker", "metrics", "livekit", "postgres", "sandbox")


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "dev",
        help="run the whole system on this machine",
        description="Postgres, livekit-server, the sandbox, the API, the worker and the console."
        " A part whose setting points elsewhere is used instead of started. A worker that dies is"
        " started again, unless it died five times within a minute; any other part's death ends"
        " the rest.",
    )
    add_data_dir(parser)
    parser.add_argument(
        "--ready-file", type=Path, metavar="PATH", help="write addresses and keys here once ready"
    )
    parser.add_argument(
        "--script", type=Path, metavar="FILE", help="run the sandbox from a script, not engines"
    )
    parser.add_argument(
        "--workers", type=_count, default=1, metavar="N", help="how many workers (default 1)"
    )
    for name in PORTS:
        parser.add_argument(
            f"--{name}-port", type=int, metavar="PORT", help=f"the {name} port to try first"
        )
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is too few")
    return number


def run(args: argparse.Namespace) -> int:
    from cli.dev.launch import DevOptions
    from cli.dev.run import run_dev

    given = {name: getattr(args, f"{name}_port") for name in PORTS}
    options = DevOptions(
        data_dir=args.data_dir.resolve(),
        ready_file=args.ready_file.resolve() if args.ready_file else None,
        script=args.script.resolve() if args.script else None,
        workers=args.workers,
        ports={name: port for name, port in given.items() if port is not None},
    )
    return run_dev(options, os.environ)
