"""The health of routes as all sessions of a worker see it: a small file of slots.

    magic │ slot │ slot │ ...       slot: checksum, route, counters, moments, first tokens

Each session is a process of its own, so what one learns of a host has to reach the others. A slot
is read and written whole, under a lock that is never waited for: where it is taken, or its holder
stopped, the change is made without it, and one of two counts may be lost. A slot that does not add
up is a new one, so is one that another route needs more. Moments are the monotonic clock's, so the
file belongs to one start of a worker.
"""

import fcntl
import hashlib
import logging
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from core.catalog import QUIRKS, Route
from pipeline.route_board import Change, OwnBoard, route_id
from pipeline.route_health import N_KEPT, RouteHealth

log = logging.getLogger(__name__)

N_SLOTS: Final = 128
_PROBED: Final = 8
"""Slots that a route may be in."""
_MAGIC: Final = b"vaarta routes 3\n"
_SLOT: Final = struct.Struct(f"<16sHHHHdddd{N_KEPT}d")
_CHECKSUM: Final = struct.Struct("<I")
_SLOT_BYTES: Final = _CHECKSUM.size + _SLOT.size


class SharedBoard:
    """Implements `pipeline.route_board.RouteBoard` on a file that others have open, too.

    What cannot be read or written any more goes on in this process alone.
    """

    def __init__(self, path: Path) -> None:
        self._own = OwnBoard()
        self._file: int | None = None
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with self._locked(self._file):
                if os.pread(self._file, len(_MAGIC), 0) != _MAGIC:
                    os.truncate(self._file, 0)
                    os.pwrite(self._file, _MAGIC, 0)
        except OSError as exc:
            self._give_up(exc)

    def health(self, route: Route) -> RouteHealth:
        """What is known of the route."""
        if self._file is not None:
            try:
                return self._find(self._file, _key(route))[1]
            except OSError as exc:
                self._give_up(exc)
        return self._own.health(route)

    def note(self, route: Route, change: Change) -> RouteHealth:
        """Change what is known, for all who share the file."""
        if self._file is not None:
            try:
                return self._note(self._file, _key(route), change)
            except OSError as exc:
                self._give_up(exc)
        return self._own.note(route, change)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _note(self, file: int, key: bytes, change: Change) -> RouteHealth:
        with self._locked(file):
            at, before = self._find(file, key)
            after = change(before)
            if after != before:
                os.pwrite(file, _packed(key, after), at)
        return after

    def _find(self, file: int, key: bytes) -> tuple[int, RouteHealth]:
        """Where the route's slot is, or is to be, and what it says."""
        first = int.from_bytes(key[:4], "little")
        free: int | None = None
        for step in range(_PROBED):
            at = len(_MAGIC) + (first + step) % N_SLOTS * _SLOT_BYTES
            slot = _unpacked(os.pread(file, _SLOT_BYTES, at))
            if slot is not None and slot[0] == key:
                return at, slot[1]
            if slot is None and free is None:
                free = at
        displaced = len(_MAGIC) + first % N_SLOTS * _SLOT_BYTES
        return displaced if free is None else free, RouteHealth()

    @contextmanager
    def _locked(self, file: int) -> Iterator[None]:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield
            return
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

    def _give_up(self, exc: OSError) -> None:
        log.warning("routes.unshared", extra={"error": type(exc).__name__})
        self.close()


def _key(route: Route) -> bytes:
    return hashlib.blake2b(route_id(route).encode(), digest_size=16).digest()


def _packed(key: bytes, health: RouteHealth) -> bytes:
    n_kept = len(health.first_tokens_s)
    filled = (*health.first_tokens_s, *[0.0] * (N_KEPT - n_kept))
    data = _SLOT.pack(
        key,
        health.n_failures,
        health.n_openings,
        n_kept,
        sum(1 << bit for bit, quirk in enumerate(QUIRKS) if quirk in health.quirks),
        health.open_until,
        health.trial_until,
        health.quirks_until,
        health.measured_at,
        *filled,
    )
    return _CHECKSUM.pack(zlib.crc32(data)) + data


def _unpacked(slot: bytes) -> tuple[bytes, RouteHealth] | None:
    """The slot's route and what it says; None where it is empty or does not add up."""
    data = slot[_CHECKSUM.size :]
    if len(slot) != _SLOT_BYTES or _CHECKSUM.unpack_from(slot)[0] != zlib.crc32(data):
        return None
    key, n_failures, n_openings, n_kept, bits, *moments_and_kept = _SLOT.unpack(data)
    open_until, trial_until, quirks_until, measured_at, *kept = moments_and_kept
    quirks = frozenset(quirk for bit, quirk in enumerate(QUIRKS) if bits & 1 << bit)
    first_tokens_s = tuple(kept[:n_kept])
    return key, RouteHealth(
        n_failures,
        n_openings,
        open_until,
        trial_until,
        first_tokens_s,
        quirks,
        quirks_until,
        measured_at,
    )
