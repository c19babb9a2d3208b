"""The one log stream of `vaarta dev`: every part's lines, each behind the part's name.

A thread of its own writes, so that a terminal that is paused or a pipe that nobody reads can
never hold up the supervision. The queue is bounded; when it is full the newest line is dropped
and the next one that fits says how many were.
"""

import os
import queue
import threading
from typing import Final

QUEUE_LINES: Final = 10_000
NAME_WIDTH: Final = 8
_COLOURS: Final = (36, 32, 33, 35, 34, 31)


class ConsoleLog:
    """Writes lines to a file descriptor. `close` flushes for a bounded time."""

    def __init__(self, fd: int, *, colour: bool = False) -> None:
        self._fd = fd
        self._colour = colour
        self._lines: queue.Queue[str | None] = queue.Queue(QUEUE_LINES)
        self._dropped = 0
        self._is_closed = False
        self._thread = threading.Thread(target=self._write_all, name="console-log", daemon=True)
        self._thread.start()

    def write(self, name: str, line: str) -> None:
        """Queue what the part `name` says, usually one line; never blocks."""
        prefix = self._prefix(name)
        note = f"({self._dropped} lines dropped) " if self._dropped else ""
        text = line.replace("\n", f"\n{prefix}")
        try:
            self._lines.put_nowait(f"{prefix}{note}{text}\n")
        except queue.Full:
            self._dropped += 1
        else:
            self._dropped = 0

    def close(self, timeout_s: float = 2.0) -> None:
        """Write what is queued, at most for `timeout_s`, and nothing later; the descriptor stays
        open."""
        try:
            self._lines.put(None, timeout=timeout_s)
        except queue.Full:
            pass
        else:
            self._thread.join(timeout_s)
        # Once its owner has closed the descriptor, its number may be anybody's.
        self._is_closed = True

    def _prefix(self, name: str) -> str:
        padded = f"{name:<{NAME_WIDTH}} | "
        if not self._colour:
            return padded
        return f"\x1b[{_COLOURS[sum(name.encode()) % len(_COLOURS)]}m{padded}\x1b[0m"

    def _write_all(self) -> None:
        while not self._is_closed and (line := self._lines.get()) is not None:
            data = line.encode("utf-8", "replace")
            while data and not self._is_closed:
                try:
                    data = data[os.write(self._fd, data) :]
                except OSError:
                    data = b""  # the reader is gone; the lines have nowhere else to go
