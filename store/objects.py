"""Where recordings are kept: a port, and the store that the settings name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from core.setting_groups import RecordingSettings
from store.object_folder import ObjectFolder


class Objects(Protocol):
    """Bytes under keys, which are paths. Every method may raise `StorageUnavailable`, within the
    time that it may take; what is put is there as a whole or not at all."""

    async def put(self, key: str, data: bytes) -> None:
        """In the place of what is there."""
        ...

    async def get(self, key: str) -> bytes:
        """All of it; one that is not there counts as a store that is away."""
        ...

    async def delete(self, key: str) -> None:
        """One that is not there is fine."""
        ...

    async def link(self, key: str, *, lasts_s: int) -> str | None:
        """A URL that gives the object to whoever has it, for so long; None where the API itself
        has to give it, from `file`."""
        ...

    def file(self, key: str) -> Path | None:
        """Where it is on this machine; None where it is elsewhere."""
        ...


@asynccontextmanager
async def opened_objects(settings: RecordingSettings) -> AsyncIterator[Objects]:
    """The store that the settings name."""
    if not settings.is_bucket:
        yield ObjectFolder(Path(settings.store))
        return
    # Sessions' processes, forked from one that loads all they need, store nothing.
    from store.object_bucket import ObjectBucket

    yield ObjectBucket.named(settings)
