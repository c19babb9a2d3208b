"""`vaarta doctor`: each dependency, whether it is reachable, and what to do if it is not."""

import argparse
import asyncio
import json
import os
from typing import Any

from cli.environment import add_data_dir, environment


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "doctor",
        help="check every dependency",
        description="Ask each dependency for an answer. Exit code 1: something needed is away.",
    )
    add_data_dir(parser)
    parser.add_argument(
        "--talk",
        action="store_true",
        help="hold one short conversation with the speech and model providers instead, and try"
        " how well the model tells that a caller has broken off",
    )
    parser.add_argument("--model", help="the chat model to talk to, with --talk")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from cli.doctor.machine import machine_checks, process_checks
    from cli.doctor.report import table, talk_report
    from control_api.health.checks.database import database_check
    from control_api.health.checks.livekit import livekit_check
    from control_api.health.checks.providers import provider_checks
    from control_api.health.checks.workers import workers_check
    from control_api.talk.conversation import hold
    from control_api.talk.judging import judge
    from core.catalog import Catalog
    from core.setting_groups import UPSTREAMS
    from core.settings import Settings

    settings = Settings.from_env(environment(os.environ, args.data_dir), dotenv=None)
    if args.talk:
        asked = settings, Catalog.load(settings.catalog_file), args.model
        talk = asyncio.run(hold(*asked))
        judged = asyncio.run(judge(*asked)) if talk.ok else None
        told = {**talk.as_json(), "broken_off": judged and judged.as_json()}
        print(json.dumps(told) if args.json else talk_report(talk, judged))
        return 0 if talk.ok else 1
    checks = [
        *machine_checks(),
        database_check(settings.database),
        livekit_check(settings.livekit),
        *provider_checks(settings, UPSTREAMS),
        *process_checks(settings.api, settings.agent),
        workers_check(settings.database),
    ]

    async def ask_all() -> list[Any]:
        return await asyncio.gather(*(check.run() for check in checks))

    findings = asyncio.run(ask_all())
    print(json.dumps([one.as_json() for one in findings]) if args.json else table(findings))
    return 0 if all(one.is_ok for one in findings if one.is_needed) else 1
