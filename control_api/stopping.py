"""The end of the process: once it was asked for, it comes."""

import asyncio
import logging
import os
import sys
import threading
import traceback
from typing import Any, Final

_log: Final = logging.getLogger(__name__)

EXIT_HUNG: Final = 1
_FRAMES_SHOWN: Final = 8


def leave_after(seconds: float, loop: asyncio.AbstractEventLoop) -> None:
    """Leave with `EXIT_HUNG` if the process still lives then, and say what hung.

    A thread does it, so that it comes also where the loop stands still or a thread is waited for.
    """
    timer = threading.Timer(seconds, _leave, (loop, threading.get_ident()))
    timer.daemon = True
    timer.start()


def _leave(loop: asyncio.AbstractEventLoop, thread_id: int) -> None:
    frame = sys._current_frames().get(thread_id)
    frames = traceback.extract_stack(frame)[-_FRAMES_SHOWN:] if frame else []
    extra = {
        "tasks": sorted(map(_name_of, asyncio.all_tasks(loop))),
        "where": [f"{one.filename}:{one.lineno} {one.name}" for one in frames],
    }
    _log.critical("api.hung", extra=extra)
    os._exit(EXIT_HUNG)


def _name_of(task: asyncio.Task[Any]) -> str:
    """Its own name, or what it runs where it was given none."""
    name = task.get_name()
    return getattr(task.get_coro(), "__qualname__", name) if name.startswith("Task-") else name
