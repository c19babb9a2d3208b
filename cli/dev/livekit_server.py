"""Where the livekit-server program comes from, and how it is built when it is nowhere."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from cli import toolchain
from cli.dev.console_log import ConsoleLog
from cli.dev.part import PartSpec, StartError, StopStep
from cli.dev.state import DEFAULT_DATA_DIR
from cli.dev.supervisor import Supervisor

VERSION: Final = "v1.13.5"
MODULE: Final = f"github.com/livekit/livekit-server/cmd/server@{VERSION}"
IMAGE: Final = f"livekit/livekit-server:{VERSION}"
USUAL_BUILD: Final = "about 150 s on 2 cores"
PROGRESS_EVERY_S: Final = 10.0


@dataclass(frozen=True)
class LiveKitProgram:
    """How to run livekit-server; `--config FILE` is appended to `argv`."""

    path: str
    found: str
    is_container: bool = False


def find(env: Mapping[str, str], data_dir: Path) -> LiveKitProgram | None:
    """A program that is there already. Raises `StartError` when the named one is not."""
    if named := env.get("LIVEKIT_SERVER_BIN"):
        if not os.access(named, os.X_OK):
            raise StartError(f"LIVEKIT_SERVER_BIN: {named} is not an executable file")
        return LiveKitProgram(named, "LIVEKIT_SERVER_BIN")
    if on_path := shutil.which("livekit-server", path=env.get("PATH")):
        return LiveKitProgram(on_path, "PATH")
    built = _built(data_dir)
    return LiveKitProgram(str(built), str(built)) if os.access(built, os.X_OK) else None


async def find_or_build(
    env: Mapping[str, str], data_dir: Path, *, supervisor: Supervisor, say: Callable[[str], None]
) -> LiveKitProgram:
    """As `find`; else built once with Go into `.data/bin`, else Docker. Raises `StartError`."""
    if program := find(env, data_dir):
        return program
    try:
        go = await _find_or_install_go(env, data_dir, supervisor)
        await _build(go, env, data_dir, supervisor=supervisor, say=say)
    except StartError as exc:
        if shutil.which("docker", path=env.get("PATH")) is None:
            raise StartError(
                f"no livekit-server: {exc}\nPut {VERSION} on PATH, or name it in"
                " LIVEKIT_SERVER_BIN, or point LIVEKIT_URL at a running one."
            ) from exc
        say(f"livekit-server cannot be built ({exc}); trying Docker's {IMAGE}")
        return LiveKitProgram("docker", f"Docker image {IMAGE}", is_container=True)
    return LiveKitProgram(str(_built(data_dir)), "built just now")


async def _find_or_install_go(
    env: Mapping[str, str], data_dir: Path, supervisor: Supervisor
) -> Path:
    """The installation is a process of its own, so that it ends with all others."""
    tools = data_dir / "tools"
    if go := await asyncio.to_thread(toolchain.find, toolchain.GO, tools):
        return go
    argv = (sys.executable, "-m", "cli.toolchain", "go", "--tools-dir", str(tools))
    await supervisor.run(PartSpec("go", argv, env))
    if go := await asyncio.to_thread(toolchain.find, toolchain.GO, tools):
        return go
    raise StartError("the wheel for Go does not run on this machine")


async def _build(
    go: Path,
    env: Mapping[str, str],
    data_dir: Path,
    *,
    supervisor: Supervisor,
    say: Callable[[str], None],
) -> None:
    """`go install` into a folder of its own first: an interrupted build leaves no program."""
    say(f"building livekit-server {VERSION} once, with {go / 'go'} ({USUAL_BUILD})")
    target = data_dir / "bin.building"
    progress = asyncio.create_task(_report_progress(say))
    try:
        await supervisor.run(_go_install(go, env, target))
    finally:
        progress.cancel()
    _built(data_dir).parent.mkdir(parents=True, exist_ok=True)
    (target / "server").replace(_built(data_dir))
    shutil.rmtree(target)


def _go_install(go: Path, env: Mapping[str, str], target: Path) -> PartSpec:
    """CGO stays off so that no C compiler is needed, the toolchain is never another one."""
    return PartSpec(
        name="go",
        argv=(str(go / "go"), "install", MODULE),
        env={**env, "GOBIN": str(target), "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"},
        stop=(StopStep(signal.SIGINT, 2.0),),
    )


async def _report_progress(say: Callable[[str], None]) -> None:
    began = time.monotonic()
    while True:
        await asyncio.sleep(PROGRESS_EVERY_S)
        say(f"building livekit-server: {time.monotonic() - began:.0f} s ({USUAL_BUILD})")


def _built(data_dir: Path) -> Path:
    return data_dir / "bin" / "livekit-server"


def main() -> int:
    """Find or build the program, so that tests and a first `vaarta dev` need not wait for it."""
    data_dir = DEFAULT_DATA_DIR.resolve()
    data_dir.mkdir(mode=0o700, exist_ok=True)
    log = ConsoleLog(1)
    try:
        program = asyncio.run(_find_or_build_alone(data_dir, log))
        log.write("livekit", f"livekit-server: {program.found}")
    except StartError as exc:
        log.write("livekit", str(exc))
        return 1
    finally:
        log.close()
    return 0


async def _find_or_build_alone(data_dir: Path, log: ConsoleLog) -> LiveKitProgram:
    supervisor = Supervisor(log)
    try:
        say = partial(log.write, "livekit")
        return await find_or_build(os.environ, data_dir, supervisor=supervisor, say=say)
    finally:
        await supervisor.stop_all()


if __name__ == "__main__":
    sys.exit(main())
