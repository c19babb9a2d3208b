"""`vaarta api` and `vaarta worker`: this process becomes one of the product's two."""

import argparse
import os
import sys
from typing import Any, Final

from cli.environment import add_data_dir, environment

MODULES: Final = {"api": "control_api", "worker": "agent"}
HELP: Final = {"api": "run the HTTP API", "worker": "run the LiveKit worker"}


def add_parser(subparsers: Any) -> None:
    for name, module in MODULES.items():
        parser = subparsers.add_parser(
            name, help=HELP[name], description=f"{HELP[name]}: python -m {module}, with settings"
        )
        add_data_dir(parser)
        parser.set_defaults(run=run, module=module)


def run(args: argparse.Namespace) -> int:
    """Replace this process, so that signals and the exit code are the module's own."""
    env = environment(os.environ, args.data_dir)
    argv = [sys.executable, "-m", args.module]
    sys.stdout.flush()
    os.execve(sys.executable, argv, env)  # noqa: S606
