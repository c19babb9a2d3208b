"""The `vaarta` command."""

import argparse
import sys
from collections.abc import Sequence

from cli import audit_latency, keys, migrate, process, say, secrets, sessions, tenants, token
from cli.dev import command as dev
from cli.doctor import command as doctor
from cli.evals import command as evals
from core.errors import ConfigError, VaartaError

COMMANDS = (
    dev,
    process,
    migrate,
    doctor,
    tenants,
    keys,
    sessions,
    secrets,
    token,
    say,
    evals,
    audit_latency,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the named command; its exit code is the process's (2: unusable settings)."""
    parser = argparse.ArgumentParser(
        prog="vaarta", description="Self-hosted voice sessions: start, run and inspect them."
    )
    subparsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(subparsers)
    args = parser.parse_args(argv)
    try:
        code: int = args.run(args)
    except VaartaError as exc:
        print(f"vaarta: {exc}", file=sys.stderr)
        return 2 if isinstance(exc, ConfigError) else 1
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
