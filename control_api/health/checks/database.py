"""Postgres: does it answer, which one is it, does its schema fit this code?"""

from urllib.parse import urlsplit

import asyncpg

from control_api.health.checks.finding import CHECK_TIMEOUT_S, Answer, Check, CheckFailed
from core.errors import StoreError
from core.setting_groups import DatabaseSettings
from store.connecting import connect
from store.migrate import pending
from store.translation import translated


def database_check(settings: DatabaseSettings) -> Check:
    dsn = settings.url.get_secret_value()

    async def ask() -> Answer:
        try:
            connection, is_pooled = await connect(
                dsn, timeout=CHECK_TIMEOUT_S, statement_cache_size=0
            )
        except (asyncpg.PostgresError, asyncpg.InternalClientError, ValueError) as exc:
            raise CheckFailed(f"DATABASE_URL is refused ({type(exc).__name__})") from exc
        try:
            version = connection.get_server_version()
            with translated():
                missing = await pending(connection)
        except StoreError as exc:
            raise CheckFailed(f"it cannot be asked ({exc})") from None
        finally:
            await connection.close(timeout=CHECK_TIMEOUT_S)
        if missing:
            raise CheckFailed(f"its schema lacks {', '.join(missing)}: run `vaarta migrate`")
        note = _note(settings) if is_pooled else ""
        return Answer(version=f"{version.major}.{version.minor}", note=note)

    return Check("postgres", _place(dsn), ask, "start `vaarta dev`, or set DATABASE_URL")


def _note(settings: DatabaseSettings) -> str:
    if settings.listen_url.get_secret_value():
        return "through a pooler"
    return "through a pooler; live events need DATABASE_LISTEN_URL, a way past it"


def _place(dsn: str) -> str:
    """Host, port and database: the part of a DSN that may be shown."""
    parts = urlsplit(dsn)
    host = parts.hostname or "local socket"
    return f"{host}:{parts.port or 5432}{parts.path}"
