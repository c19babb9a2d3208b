"""Where a benchmark leaves its result: the terminal, JSON, a conversation's HTML report."""

import asyncio
import json
import os
import sys
from collections.abc import Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, NoReturn, Protocol

from benchmarks.livekit_server import LiveKitMissing
from benchmarks.options import RigOptions
from benchmarks.report.page import write_report
from benchmarks.result import BenchmarkResult
from benchmarks.system import SystemFailed


def deliver(result: BenchmarkResult, options: RigOptions, *, title: str) -> NoReturn:
    """Print it, write what was asked for, and leave. Raises OSError."""
    print(result.table())
    if options.json:
        result.write(options.json)
    if options.html:
        write_report(options.html, title, {"vaarta": result}, result.settings, result.environment)
    _leave()


def _leave() -> NoReturn:
    """At once: while Python takes itself down, LiveKit's threads may still call into it, and abort
    the process although all is written."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


class Tabled(Protocol):
    """The result of a benchmark without a conversation: a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def table(self) -> str: ...


def run_and_leave(running: Coroutine[Any, Any, Tabled], json_path: Path | None) -> None:
    """Run it to its result, print that and write it where one was named. Raises OSError; exits
    with 2 where there is no livekit-server or the system did not start."""
    try:
        result = asyncio.run(running)
    except (SystemFailed, LiveKitMissing) as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    print(result.table())
    if json_path:
        json_path.write_text(json.dumps(asdict(result), indent=2) + "\n", encoding="utf-8")
