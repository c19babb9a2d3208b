"""Objects in a bucket of S3, or of what speaks its protocol."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from core.errors import StorageUnavailable
from core.setting_groups import RecordingSettings
from store.recordings import MEDIA_TYPE

if TYPE_CHECKING:
    from obstore.store import S3Config

TIMEOUT_S: Final = 60.0
"""Of one call with all its tries: an hour's recording goes up in it at 3 Mbit/s."""
_CONNECT_TIMEOUT: Final = timedelta(seconds=5)
_RETRY_FOR: Final = timedelta(seconds=10)


class ObjectBucket:
    """Implements `store.objects.Objects`."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    @classmethod
    def named(cls, settings: RecordingSettings) -> Self:
        """The one that the settings name. Without a key of theirs it is the machine's own role
        that may."""
        config: S3Config = {"region": settings.s3_region}
        if settings.s3_endpoint:
            config["endpoint"] = settings.s3_endpoint
        if settings.s3_key_id:
            config["access_key_id"] = settings.s3_key_id
            config["secret_access_key"] = settings.s3_secret.get_secret_value()
        bucket, prefix = settings.bucket
        store = S3Store(
            bucket,
            prefix=prefix or None,
            config=config,
            client_options={"connect_timeout": _CONNECT_TIMEOUT, "allow_http": True},
            retry_config={"max_retries": 3, "retry_timeout": _RETRY_FOR},
        )
        return cls(store)

    async def put(self, key: str, data: bytes) -> None:
        """See the port."""
        async with _answered():
            attributes = {"Content-Type": MEDIA_TYPE}
            await obstore.put_async(self._store, key, data, attributes=attributes)

    async def get(self, key: str) -> bytes:
        """See the port."""
        async with _answered():
            found = await obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())

    async def delete(self, key: str) -> None:
        """See the port."""
        async with _answered(is_gone_fine=True):
            await obstore.delete_async(self._store, key)

    async def link(self, key: str, *, lasts_s: int) -> str | None:
        """See the port. To sign asks nobody, so that the object is asked after first."""
        async with _answered():
            await obstore.head_async(self._store, key)
            return await obstore.sign_async(self._store, "GET", key, timedelta(seconds=lasts_s))

    def file(self, key: str) -> Path | None:
        """See the port."""
        return None


@asynccontextmanager
async def _answered(*, is_gone_fine: bool = False) -> AsyncIterator[None]:
    """What a store says in words of its own stays out: it may quote a key."""
    try:
        async with asyncio.timeout(TIMEOUT_S):
            yield
    except FileNotFoundError:
        if not is_gone_fine:
            raise StorageUnavailable("the object is not in the bucket") from None
    except (BaseError, OSError) as exc:  # a TimeoutError is one
        raise StorageUnavailable(type(exc).__name__) from None
