"""The repertoire on a worker's disk: shared by its processes, and there after a restart.

    <hash>.clause   one clause's sound; its time of change is when it was last given
    seen            hashes of clauses that were heard once: the second time they are kept, at once
                    where they are sure to recur
    <hash>.<hex>    a file that is being written

A clause is found by the hash of its manner and text, so the folder holds neither; who has the sound
hears the words, so only its owner may read it. Files appear whole, by renaming, and each says how
long it is and what it adds up to: one that does not is removed and made anew. Other files are left
alone. Beyond its bytes or its number of files, and after a month, what was not given for the
longest time goes.

What the disk refuses is not kept.
"""

import hashlib
import logging
import os
import re
import secrets
import stat
import struct
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.repertoire import LONGEST_SOUND_BYTES, Clause, is_whole_sound

log = logging.getLogger(__name__)

MOST_FILES: Final = 2000
OLDEST_S: Final = 30 * 86400.0
_HEAD: Final = struct.Struct("<16sII")
_MAGIC: Final = b"vaarta clause 1\n"
"""To be counted up when the same manner and text come to sound otherwise."""
_OURS: Final = re.compile(r"[0-9a-f]{32}\.(clause|[0-9a-f]{8})")
_SEEN: Final = "seen"
_N_SEEN: Final = 4096
_TAG_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class ClauseFolder:
    """The files. Its methods block and raise nothing."""

    path: Path
    max_bytes: int

    def read(self, clause: Clause, is_told: bool) -> bytes | None:
        """A clause's sound; with `is_told` it is remembered that it was given."""
        path = self.path / f"{_name(clause)}.clause"
        try:
            file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            pcm = _content(file)
            if pcm is not None and is_told:
                with suppress(OSError):
                    os.utime(file)
        except OSError:
            return None
        finally:
            os.close(file)
        if pcm is None:
            with suppress(OSError):
                path.unlink()
        return pcm

    def hear(self, clause: Clause, pcm: bytes, *, is_sure: bool = False) -> None:
        """A clause was spoken and sounds so: keep it if it was heard before, or `is_sure` to be."""
        if not is_whole_sound(pcm) or len(pcm) + _HEAD.size > self.max_bytes:
            return
        name = _name(clause)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._was_seen(name) or is_sure:
                self._write(name, pcm)
                self._tidy()
        except OSError as exc:
            log.warning("repertoire.not_kept", extra={"error": type(exc).__name__})

    def _was_seen(self, name: str) -> bool:
        """Whether it was heard before, as far as is remembered; from now on it was."""
        key = bytes.fromhex(name)
        at = int.from_bytes(key[:4], "little") % _N_SEEN * _TAG_BYTES
        tag = key[-_TAG_BYTES:]
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        file = os.open(self.path / _SEEN, flags, 0o600)
        try:
            if os.pread(file, _TAG_BYTES, at) == tag:
                return True
            os.pwrite(file, tag, at)
        finally:
            os.close(file)
        return False

    def _write(self, name: str, pcm: bytes) -> None:
        """What a crash tears does not add up, so nothing is synced."""
        part = self.path / f"{name}.{secrets.token_hex(4)}"
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(file, "wb") as out:
                out.write(_HEAD.pack(_MAGIC, len(pcm), zlib.crc32(pcm)) + pcm)
            part.replace(self.path / f"{name}.clause")
        except OSError:
            with suppress(OSError):
                part.unlink()
            raise

    def _tidy(self) -> None:
        """Remove what is too old, and the oldest of what is too much."""
        ours: list[tuple[float, int, str]] = []
        with os.scandir(self.path) as entries:
            for entry in entries:
                if _OURS.fullmatch(entry.name):
                    with suppress(FileNotFoundError):
                        info = entry.stat(follow_symlinks=False)
                        ours.append((info.st_mtime, info.st_size, entry.name))
        n_files, n_bytes, oldest_at = len(ours), sum(size for _, size, _ in ours), _oldest_at()
        for changed_at, size, name in sorted(ours):
            if n_files <= MOST_FILES and n_bytes <= self.max_bytes and changed_at >= oldest_at:
                break
            with suppress(FileNotFoundError):
                (self.path / name).unlink()
            n_files, n_bytes = n_files - 1, n_bytes - size


def _name(clause: Clause) -> str:
    key = f"{len(clause.manner)} {clause.manner}{clause.text}".encode(errors="surrogatepass")
    return hashlib.blake2b(key, digest_size=16).hexdigest()


def _content(file: int) -> bytes | None:
    """The sound in a file, None where it does not add up. Raises `OSError`."""
    info = os.fstat(file)
    if not stat.S_ISREG(info.st_mode) or info.st_size > _HEAD.size + LONGEST_SOUND_BYTES:
        return None
    data = os.read(file, info.st_size)
    if len(data) < _HEAD.size:
        return None
    magic, n_bytes, checksum = _HEAD.unpack_from(data)
    pcm = data[_HEAD.size :]
    adds_up = magic == _MAGIC and n_bytes == len(pcm) and checksum == zlib.crc32(pcm)
    return pcm if adds_up and is_whole_sound(pcm) else None


def _oldest_at() -> float:
    return time.time() - OLDEST_S
