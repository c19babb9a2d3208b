"""The `vaarta` command."""

import argparse
import sys
from collections.abc import Sequence

from cli.dev import command as dev

COMMANDS = (dev,)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the named command; its exit code is the process's."""
    parser = argparse.ArgumentParser(
        prog="vaarta", description="Self-hosted voice sessions: start, run and inspect them."
    )
    subparsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(subparsers)
    args = parser.parse_args(argv)
    code: int = args.run(args)
    return code


if __name__ == "__main__":
    sys.exit(main())
