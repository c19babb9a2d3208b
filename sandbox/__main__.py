"""``python -m sandbox``: the stand-ins as a process of their own."""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from pathlib import Path

from sandbox.ports import EngineError
from sandbox.script import Script, load_script
from sandbox.script_reader import ScriptError
from sandbox.server import Engines, Sandbox, serve

_PARENT_CHECK_S = 1.0
_log = logging.getLogger("sandbox")


def main() -> int:
    options = _parse_options()
    handler = logging.StreamHandler()
    handler.setFormatter(_LineFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    try:
        behaviour = Engines() if options.engines else load_script(options.script)
        asyncio.run(_run(behaviour, options))
    except (ScriptError, EngineError, OSError) as exc:
        sys.stderr.write(f"sandbox: {exc}\n")
        return 2
    return 0


class _LineFormatter(logging.Formatter):
    """``time level event key=value``: the values that a record carries beside its event."""

    _USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        values = (f"{k}={v}" for k, v in vars(record).items() if k not in self._USUAL)
        line = " ".join((self.formatTime(record), record.levelname, record.getMessage(), *values))
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="Local stand-ins for the speech and chat providers."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 (default): any free port")
    behaviour = parser.add_mutually_exclusive_group(required=True)
    behaviour.add_argument("--engines", action="store_true", help="hear and speak on the CPU")
    behaviour.add_argument("--script", type=Path, help="behave as this TOML file says")
    parser.add_argument("--ready-file", type=Path, help="write the addresses here once ready")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when the process that started this ends"
    )
    return parser.parse_args()


async def _run(behaviour: Script | Engines, options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with serve(behaviour, options.host, options.port) as sandbox:
        _log.info("sandbox.ready", extra={"http_url": sandbox.http_url})
        sys.stdout.write(f"sandbox ready at {sandbox.http_url}\n")
        sys.stdout.flush()
        if options.ready_file is not None:
            await asyncio.to_thread(_write_ready_file, options.ready_file, sandbox)
        watching = asyncio.create_task(_watch_parent(stop)) if options.with_parent else None
        await stop.wait()
        if watching is not None:
            watching.cancel()


def _write_ready_file(path: Path, sandbox: Sandbox) -> None:
    """In one step: a reader sees the whole file or none."""
    ready = {
        "http_url": sandbox.http_url,
        "ws_url": sandbox.ws_url,
        "pids": [os.getpid(), *sandbox.child_pids],
    }
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(ready))
    unfinished.replace(path)


async def _watch_parent(stop: asyncio.Event) -> None:
    """A process whose parent died is given to another one."""
    parent = os.getppid()
    while os.getppid() == parent and not stop.is_set():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PARENT_CHECK_S):
                await stop.wait()
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
