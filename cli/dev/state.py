"""`.data/dev.json`: what `vaarta dev` keeps between runs, and where the running one is found.

The file is readable by its owner only. Its secrets outlive a run; `running` is there while the
lock beside it is held, so that a killed run is never taken for a live one.
"""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from core.errors import ConfigError

DEFAULT_DATA_DIR: Final = Path(".data")
STATE_FILE: Final = "dev.json"
LOCK_FILE: Final = "dev.lock"
LOCK_ATTEMPTS: Final = 4
LOCK_PAUSE_S: Final = 0.05


@dataclass(frozen=True)
class RunningDev:
    """The addresses of a running `vaarta dev`. `env` is what its API and worker were given."""

    pid: int
    api_url: str
    console_url: str
    livekit_url: str
    database_url: str = field(repr=False)
    jwt: str | None = field(repr=False)
    pids: dict[str, int]
    env: dict[str, str] = field(repr=False)


@dataclass(frozen=True)
class DevState:
    """Secrets of this folder's development system, and the running one if there is one."""

    jwt_secret: str = field(repr=False)
    livekit_api_key: str
    livekit_api_secret: str = field(repr=False)
    tenant_id: str | None = None
    api_key: str | None = field(default=None, repr=False)
    # A file of before this secret gets one; it is kept when the system starts.
    data_encryption_key: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    running: RunningDev | None = None

    @classmethod
    def fresh(cls) -> "DevState":
        """New random secrets."""
        return cls(
            jwt_secret=secrets.token_urlsafe(48),
            livekit_api_key=f"dev{secrets.token_hex(4)}",
            livekit_api_secret=secrets.token_urlsafe(32),
        )


def load_dev_state(data_dir: Path = DEFAULT_DATA_DIR) -> DevState | None:
    """The folder's state, None if `vaarta dev` never ran there. Raises `ConfigError`."""
    path = data_dir / STATE_FILE
    try:
        raw: dict[str, Any] = json.loads(path.read_text())
        running = raw.pop("running")
        alive = RunningDev(**running) if running and is_locked(data_dir) else None
        return DevState(**raw, running=alive)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as exc:
        raise ConfigError(f"{path} cannot be read ({type(exc).__name__}): remove it") from exc


def save_dev_state(data_dir: Path, state: DevState) -> None:
    """Replace the file whole."""
    write_private(data_dir / STATE_FILE, asdict(state))


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write JSON that only the owner can read; a reader sees the old file or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    draft.replace(path)


@contextlib.contextmanager
def lock(data_dir: Path) -> Iterator[int | None]:
    """Hold the folder's lock: gives None, or the process id of the one that holds it already.

    It dies with the process. Commands that look whether it is held hold it for an instant
    themselves, hence the few attempts.
    """
    with (data_dir / LOCK_FILE).open("a+") as file:
        for attempt in range(LOCK_ATTEMPTS):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(LOCK_PAUSE_S * (attempt + 1))
        else:
            file.seek(0)
            yield int(file.read().strip() or 0)
            return
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield None


def is_locked(data_dir: Path) -> bool:
    """Whether a `vaarta dev` is alive in this folder."""
    try:
        with (data_dir / LOCK_FILE).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
