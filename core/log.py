"""JSON log lines with the ids of the work at hand.

One object a line. The message is a fixed event name (`turn.ended`), values travel in `extra`,
the ids bound with `log_context` are added from the context. What people said, prompts and keys
stay out by convention of the callers.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

_context: ContextVar[dict[str, str] | None] = ContextVar("log_context", default=None)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "asctime",
    "context",
    "message",
    "taskName",
}


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object; unserialisable values are shown by `repr`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line.update(getattr(record, "context", {}))
        line.update({k: v for k, v in vars(record).items() if k not in _STANDARD})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=repr, ensure_ascii=False)


@contextmanager
def log_context(**ids: str) -> Iterator[None]:
    """Add ids (session, turn, room, request) to every line logged inside, also by new tasks."""
    token = _context.set({**(_context.get() or {}), **ids})
    try:
        yield
    finally:
        _context.reset(token)


def attach_context() -> None:
    """Give every record of this process the ids bound where it is made.

    A process that hands its records to another one to be written calls this alone.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "attaches_context", False):
        return

    def make_with_context(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.context = _context.get() or {}
        return record

    make_with_context.attaches_context = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_with_context)


def configure_logging(level: str) -> None:
    """Send every logger's lines to standard error as JSON. Call once, first, in a process."""
    attach_context()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
