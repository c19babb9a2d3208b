"""Objects as files in a folder: a development machine's store, or a mount that machines share."""

import asyncio
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

from core.errors import StorageUnavailable

TIMEOUT_S: Final = 30.0
"""A disk that takes longer is as good as away."""

T = TypeVar("T")


class ObjectFolder:
    """Implements `store.objects.Objects`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, data: bytes) -> None:
        """See the port."""
        await _aside(lambda: _write(self._folder / key, data))

    async def get(self, key: str) -> bytes:
        """See the port."""
        return await _aside((self._folder / key).read_bytes)

    async def delete(self, key: str) -> None:
        """See the port; folders that are empty by that go with it."""
        await _aside(lambda: _remove(self._folder, key))

    async def link(self, key: str, *, lasts_s: int) -> str | None:
        """See the port."""
        if not await _aside((self._folder / key).is_file):
            raise StorageUnavailable("the object is not in the folder")
        return None

    def file(self, key: str) -> Path | None:
        """See the port."""
        return self._folder / key


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        fd = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(fd)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _remove(folder: Path, key: str) -> None:
    path = folder / key
    path.unlink(missing_ok=True)
    with suppress(OSError):  # others are in there
        for parent in path.parents:
            if parent == folder:
                break
            parent.rmdir()


async def _aside(work: Callable[[], T]) -> T:
    """In a thread: no disk keeps the loop waiting."""
    with _translated():
        async with asyncio.timeout(TIMEOUT_S):
            return await asyncio.to_thread(work)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as exc:  # a TimeoutError is one
        raise StorageUnavailable(type(exc).__name__) from exc
