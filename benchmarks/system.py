"""The system under measurement: one that runs already, or one of our own for the run."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final

from benchmarks.livekit_server import LiveKitAccess, own_livekit
from benchmarks.network import LOCAL, Place
from benchmarks.scenario import Scenario
from cli.dev.livekit_server import find
from cli.dev.state import DEFAULT_DATA_DIR, load_dev_state

_ROOT: Final = Path(__file__).parent.parent
OUTPUT: Final = "output.log"
_READY_TIMEOUT_S: Final = 180.0
_STOP_TIMEOUT_S: Final = 30.0
_POLL_S: Final = 0.1
_SHOWN_CHARACTERS: Final = 4000


class SystemFailed(Exception):
    """The system did not come up; the message ends with what it wrote last."""


@dataclass(frozen=True)
class System:
    """All but its address and a key is known only of a system that was started here: `log` is the
    file with all that its parts write."""

    api_url: str
    api_key: str = field(repr=False)
    livekit: LiveKitAccess | None = None
    providers_url: str | None = None
    database_url: str | None = field(default=None, repr=False)
    log: Path | None = None
    worker_pid: int | None = None


@asynccontextmanager
async def scripted_system(
    scenario: Scenario, place: Place = LOCAL, settings: Mapping[str, str] | None = None
) -> AsyncIterator[System]:
    """`vaarta dev` on the scenario's script, with data of its own, gone afterwards. `settings`
    stand over those of the environment.

    Raises SystemFailed, LiveKitMissing.
    """
    async with AsyncExitStack() as stack:
        data_dir = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="vaarta-benchmark-"))
        )
        # Its own LiveKit server is for callers on the same machine.
        livekit = await stack.enter_async_context(own_livekit(place)) if place.is_remote else None
        scenario.write_script(data_dir / "script.toml")
        environment = {**_environment(place, livekit), **(settings or {})}
        if scenario.tells_unfinished:
            environment["CATALOG_FILE"] = str(write_telling_catalog(data_dir / "catalog.toml"))
        with (data_dir / OUTPUT).open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *(*place.prefix, *_command(data_dir)),
                cwd=_ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )
        try:
            yield await _wait_until_ready(process, data_dir, livekit)
        finally:
            await _stop(process)


def _command(data_dir: Path) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "cli.main", "dev"),
        *("--data-dir", str(data_dir)),
        *("--script", str(data_dir / "script.toml")),
        *("--ready-file", str(data_dir / "ready.json")),
    )


def _environment(place: Place, livekit: LiveKitAccess | None) -> dict[str, str]:
    """A livekit-server that was built into the repository's data folder is not built again."""
    if livekit is not None:
        return {
            **os.environ,
            "API_HOST": place.address,
            "LIVEKIT_URL": livekit.url,
            "LIVEKIT_API_KEY": livekit.api_key,
            "LIVEKIT_API_SECRET": livekit.api_secret,
        }
    program = find(os.environ, _ROOT / DEFAULT_DATA_DIR)
    named = {} if program is None else {"LIVEKIT_SERVER_BIN": program.path}
    return {**os.environ, **named}


def write_telling_catalog(path: Path) -> Path:
    """The packaged one, whose models are asked whether the caller is done."""
    packaged = files("core").joinpath("catalog.toml").read_text(encoding="utf-8")
    told = packaged.replace("[[models]]\n", "[[models]]\ntells_unfinished = true\n")
    path.write_text(told, encoding="utf-8")
    return path


async def _wait_until_ready(
    process: asyncio.subprocess.Process, data_dir: Path, livekit: LiveKitAccess | None
) -> System:
    ready_file = data_dir / "ready.json"
    try:
        async with asyncio.timeout(_READY_TIMEOUT_S):
            while not ready_file.exists():
                if process.returncode is not None:
                    raise SystemFailed(f"vaarta dev ended\n{_last_output(data_dir)}")
                await asyncio.sleep(_POLL_S)
    except TimeoutError as exc:
        raise SystemFailed(f"vaarta dev is not ready\n{_last_output(data_dir)}") from exc
    ready = json.loads(ready_file.read_text())
    state = load_dev_state(data_dir)
    if state is None or state.running is None:
        raise SystemFailed(f"vaarta dev left no word of itself\n{_last_output(data_dir)}")
    if livekit is None:
        key, secret = state.livekit_api_key, state.livekit_api_secret
        livekit = LiveKitAccess(ready["livekit_url"], key, secret)
    return System(
        ready["api_url"],
        ready["api_key"],
        livekit,
        state.running.env["SARVAM_API_URL"],
        state.running.database_url,
        data_dir / OUTPUT,
        state.running.pids["worker"],
    )


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGINT)
    try:
        async with asyncio.timeout(_STOP_TIMEOUT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _last_output(data_dir: Path) -> str:
    return (data_dir / OUTPUT).read_text(errors="replace")[-_SHOWN_CHARACTERS:]
