"""A worker's processes: its parent, the server that forks, one for each job; found, killed, halted.

Each line that a job logs carries its session and its process, so the log tells which process holds
which session. A worker that was started again has another log.
"""

import contextlib
import json
import os
import signal
from collections.abc import Iterable

import psutil


def processes_of(parent: int) -> list[int]:
    """The worker's parent process and everything below it, the parent first."""
    process = psutil.Process(parent)
    return [parent, *(child.pid for child in process.children(recursive=True))]


def job_of(written: str, session_id: str) -> int | None:
    """The process of the last job that said something of the session; None where none did."""
    for line in reversed(written.splitlines()):
        if session_id not in line:
            continue
        with contextlib.suppress(ValueError):
            told = json.loads(line)
            if told.get("session") == session_id and "pid" in told:
                return int(told["pid"])
    return None


def kill(pids: Iterable[int]) -> None:
    """SIGKILL to all of them at one moment: first nobody moves any more."""
    doomed = list(pids)
    halt(doomed)
    _signal(doomed, signal.SIGKILL)


def halt(pids: Iterable[int]) -> None:
    """SIGSTOP: they stand still, their sockets stay open."""
    _signal(pids, signal.SIGSTOP)


def wake(pids: Iterable[int]) -> None:
    """SIGCONT: they go on as if no time had passed."""
    _signal(pids, signal.SIGCONT)


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
