"""One run of `vaarta dev`: from the lock on its folder to the last process's end."""

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from cli.dev.console_log import ConsoleLog
from cli.dev.elsewhere import Elsewhere
from cli.dev.launch import DevOptions, Launch
from cli.dev.ports import PortPicker
from cli.dev.state import DevState, load_dev_state, lock, save_dev_state, write_private
from cli.dev.supervisor import Supervisor
from cli.dev.system import start_system, with_pids
from core.errors import ConfigError, VaartaError
from core.setting_groups import UPSTREAMS
from core.settings import Settings

ME = "vaarta"


def run_dev(options: DevOptions, environ: Mapping[str, str]) -> int:
    """Run until Ctrl-C, SIGTERM or a part's death. Gives the exit code.

    0: asked to end; 1: a part failed, or one is running already; 2: unusable settings.
    """
    options.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock(options.data_dir) as holder:
        if holder is not None:
            print(_already_running(options.data_dir, holder))
            return 1
        _remove_ready_file(options)
        dotenv = {k: v for k, v in dotenv_values(".env").items() if v is not None}
        log = ConsoleLog(1, colour=os.isatty(1))
        try:
            given = {**dotenv, **environ, "APP_ENV": "development"}
            Settings.from_env(given, dotenv=None)
            return asyncio.run(_supervise(options, given, log))
        except ConfigError as exc:
            log.write(ME, f"cannot start: {exc}")
            return 2
        finally:
            log.close()


async def _supervise(options: DevOptions, given: Mapping[str, str], log: ConsoleLog) -> int:
    state = load_dev_state(options.data_dir) or DevState.fresh()
    supervisor = Supervisor(log)
    asked = _watch_signals(supervisor, log)
    ports = PortPicker(lambda line: log.write(ME, line))
    launch = Launch(options, given, state, supervisor, ports, log)
    serving = asyncio.create_task(_serve(launch))
    death = asyncio.create_task(supervisor.death())
    try:
        ends: list[asyncio.Future[Any]] = [serving, death, asked]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            return 0
        failure = death.result() if death.done() else serving.exception()
        log.write(ME, f"cannot go on: {explain(failure)}")
        return 2 if isinstance(_first(failure), ConfigError) else 1
    finally:
        log.write(ME, "stopping")
        for task in (serving, death):
            task.cancel()
        await asyncio.gather(serving, death, return_exceptions=True)
        await supervisor.stop_all()
        _forget_running(options.data_dir)
        _remove_ready_file(options)
        log.write(ME, "stopped")


async def _serve(launch: Launch) -> None:
    """Start everything, tell where it is, then stay until cancelled."""
    await launch.supervisor.start_guard()
    save_dev_state(launch.data_dir, launch.state)
    state = await start_system(launch)
    _tell(launch, state)
    assert state.running is not None
    launch.ready(ME, "a session can be served")
    launch.log.write(ME, f"console: {state.running.console_url}")
    launch.log.write(ME, f"API key: {state.api_key}")
    for line in told_stand_ins(Elsewhere.read(launch.given)):
        launch.log.write(ME, line)
    restarted = launch.supervisor.restarted
    while await restarted.wait():
        restarted.clear()
        _tell(launch, with_pids(state, launch.supervisor.pids))


def _tell(launch: Launch, state: DevState) -> None:
    """Write where everything is, for other commands of the folder and for who asked."""
    save_dev_state(launch.data_dir, state)
    if launch.options.ready_file is not None:
        write_private(launch.options.ready_file, ready_content(state))


def ready_content(state: DevState) -> dict[str, Any]:
    """What `--ready-file` holds."""
    running = state.running
    assert running is not None
    return {
        "api_url": running.api_url,
        "console_url": running.console_url,
        "livekit_url": running.livekit_url,
        "database_url": running.database_url,
        "tenant_id": state.tenant_id,
        "api_key": state.api_key,
        "jwt": running.jwt,
        "pids": running.pids,
    }


def told_stand_ins(elsewhere: Elsewhere) -> list[str]:
    """Who is not really there: nothing that is heard or measured then is theirs."""
    models = [name for name in UPSTREAMS if name not in elsewhere.upstreams]
    lines = []
    if not elsewhere.sarvam:
        lines.append("a stand-in speaks and recognises for Sarvam: it knows English only")
    if models:
        lines.append(f"a stand-in answers for the models of {', '.join(models)}")
    return lines


def explain(failure: BaseException | None) -> str:
    """One message for the reader; an exception nobody foresaw keeps its type."""
    first = _first(failure)
    return str(first) if isinstance(first, VaartaError) else repr(first)


def _first(failure: BaseException | None) -> BaseException | None:
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure


def _watch_signals(supervisor: Supervisor, log: ConsoleLog) -> asyncio.Future[None]:
    """Done at the first Ctrl-C, SIGTERM or hang-up; the second one kills without asking."""
    loop = asyncio.get_running_loop()
    asked: asyncio.Future[None] = loop.create_future()

    def on_signal() -> None:
        if asked.done():
            log.write(ME, "killing")
            supervisor.kill_all()
        else:
            asked.set_result(None)

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, on_signal)
    return asked


def _remove_ready_file(options: DevOptions) -> None:
    """The file is there exactly while a session can be served."""
    if options.ready_file is not None:
        options.ready_file.unlink(missing_ok=True)


def _forget_running(data_dir: Path) -> None:
    if state := load_dev_state(data_dir):
        save_dev_state(data_dir, replace(state, running=None))


def _already_running(data_dir: Path, pid: int) -> str:
    state = load_dev_state(data_dir)
    where = state.running.api_url if state and state.running else "it is still starting"
    return f"vaarta dev is running in {data_dir.resolve()} already: process {pid}, {where}"
