"""Everything that a database holds, as text to search for words."""

import subprocess
from collections.abc import Iterable

from tests.servers import postgres_programs


def dumped(dsn: str) -> str:
    """The whole database."""
    done = subprocess.run(
        [str(postgres_programs() / "pg_dump"), "--data-only", dsn],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def found_in(text: str, words: Iterable[str]) -> list[str]:
    """Those of the words that are in it."""
    return [word for word in words if word in text]
