"""`vaarta eval SUITE.toml`: hold a suite's conversations with a running system and judge them;
`vaarta eval --from-session ID`: begin a suite with a conversation that was held.

Exit codes: 0 every case passed, or one was made; 1 one did not, or none can be made; 2 wrong use:
the file, options, no address or key; 130 Ctrl-C.
"""

import argparse
import asyncio
import json
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cli.environment import add_data_dir, environment
from cli.say import find_address
from core.errors import ConfigError

FAILED: Final = 1
_MOST_AT_ONCE: Final = 20


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "eval",
        help="hold a suite's conversations with a running system and judge them",
        description="Holds each case of the suite with the running system, as often as it says,"
        " and tells what was not as it should be. Exit code 1: a case failed.",
    )
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("suite", type=Path, nargs="?", metavar="SUITE.toml")
    wanted.add_argument(
        "--from-session", type=UUID, metavar="ID", help="print a suite made of this conversation"
    )
    parser.add_argument("--api-url", help="default: VAARTA_API_URL, else the `vaarta dev` here")
    parser.add_argument("--key", help="default: VAARTA_API_KEY, else that of `vaarta dev`")
    parser.add_argument("--case", action="append", metavar="NAME", help="only this; repeatable")
    parser.add_argument(
        "--tries", type=_count, help="of each case, in place of what the suite says"
    )
    parser.add_argument("--at-once", type=_count, default=1, help="calls held at the same time")
    parser.add_argument("--junit", type=Path, metavar="OUT.xml")
    parser.add_argument("--html", type=Path, metavar="OUT.html")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")
    add_data_dir(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Hold them all, or make one; returns an exit code. Raises ConfigError for wrong use,
    CallerError where the API refuses a case."""
    if args.from_session is not None:
        address = find_address(args.api_url, args.key)
        print(asyncio.run(_case_of(args.from_session, address)), end="")
        return 0
    from cli.evals.report import as_json, html, junit, table
    from cli.evals.suite import chosen, read_suite

    suite = chosen(read_suite(args.suite), names=args.case, tries=args.tries)
    _require_folders(args.junit, args.html)
    address = find_address(args.api_url, args.key)
    result = asyncio.run(_hold_all(suite, args, address))
    print(json.dumps(as_json(result)) if args.json else table(result))
    if args.junit:
        _write(args.junit, junit(result))
    if args.html:
        _write(args.html, html(result))
    return 0 if result.is_green else FAILED


def _require_folders(*reports: Path | None) -> None:
    """Before the calls, which cost. Raises ConfigError."""
    for report in filter(None, reports):
        if not report.parent.is_dir():
            raise ConfigError(f"{report}: no such folder: {report.parent}")


def _write(path: Path, report: str) -> None:
    """Raises ConfigError."""
    try:
        path.write_text(report, encoding="utf-8")
    except OSError as exc:
        raise ConfigError(f"{path}: {exc.strerror or 'cannot be written'}") from exc


async def _case_of(session_id: UUID, address: tuple[str, str]) -> str:
    """Raises CallerError."""
    from cli.caller.session_api import SessionApi

    async with SessionApi(*address) as api:
        return await api.eval_case(str(session_id))


async def _hold_all(suite: Any, args: argparse.Namespace, address: tuple[str, str]) -> Any:
    from cli.caller.session_api import SessionApi
    from cli.evals.model import SuiteModel
    from cli.evals.play import Player, play_suite
    from core.catalog import Catalog
    from core.settings import Settings

    async with AsyncExitStack() as stack:
        model = None
        if suite.model is not None:
            settings = Settings.from_env(environment(os.environ, args.data_dir), dotenv=None)
            catalog = Catalog.load(settings.catalog_file)
            model = await stack.enter_async_context(
                SuiteModel.of(settings.llm, catalog, suite.model)
            )
        api = await stack.enter_async_context(SessionApi(*address))
        player = Player(api, args.suite.parent, model)
        return await play_suite(player, suite, at_once=min(args.at_once, _MOST_AT_ONCE), tell=_tell)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError("a number from 1 to 100")
    return int(text)
