"""Supervision on real processes that are as small as they can be."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from cli.dev import guard
from cli.dev.console_log import ConsoleLog
from cli.dev.part import Part, PartDied, PartSpec, StartError, StopStep
from cli.dev.supervisor import Supervisor
from tests.eventually import eventually

SLEEPS = "import time; print('up', flush=True); time.sleep(600)"
IGNORES_SIGTERM = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"
HAS_A_CHILD = f"""
import subprocess, sys
child = subprocess.Popen(
    [sys.executable, "-c", {IGNORES_SIGTERM!r}], stdout=subprocess.PIPE, text=True
)
assert child.stdout.readline() == "up\\n"
print(child.pid, flush=True)
child.wait()
"""
SOON = (StopStep(signal.SIGTERM, 0.2),)


def spec(code: str, name: str = "api", stop: tuple[StopStep, ...] = SOON) -> PartSpec:
    return PartSpec(name, (sys.executable, "-I", "-c", code), {}, stop=stop)


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    log = ConsoleLog(os.open(os.devnull, os.O_WRONLY))
    supervisor = Supervisor(log)
    await supervisor.start_guard()
    yield supervisor
    await supervisor.stop_all()
    log.close()


async def is_gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def sleeper(code: str) -> "subprocess.Popen[bytes]":
    """A process group of its own that is up and stays."""
    part = subprocess.Popen(
        [sys.executable, "-I", "-c", code], stdout=subprocess.PIPE, start_new_session=True
    )
    assert part.stdout is not None
    assert part.stdout.readline() == b"up\n"
    part.stdout.close()
    return part


def start_guard() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-I", str(Path(guard.__file__))], stdin=subprocess.PIPE
    )


async def test_a_part_that_ends_by_itself_is_reported_with_its_last_words(
    supervisor: Supervisor,
) -> None:
    await supervisor.start(spec("import sys; print('boom', file=sys.stderr); sys.exit(3)"))
    async with asyncio.timeout(60.0):
        death = await supervisor.death()
    assert "exit code 3" in str(death)
    assert "boom" in str(death)


async def test_a_part_that_dies_before_it_is_ready_ends_the_wait(supervisor: Supervisor) -> None:
    part = await supervisor.start(spec("print('no database')"))

    async def never() -> bool | None:
        return None

    with pytest.raises(PartDied, match="no database"):
        await supervisor.ready(part, never, 20.0)


async def test_a_part_that_hangs_is_killed_with_everything_it_started() -> None:
    supervisor = Supervisor(ConsoleLog(os.open(os.devnull, os.O_WRONLY)))
    part = await supervisor.start(spec(HAS_A_CHILD))

    async def child_pid() -> int | None:
        return int(part.tail[-1]) if part.tail else None

    child = await supervisor.ready(part, child_pid, 20.0)
    async with asyncio.timeout(60.0):
        await supervisor.stop_all()
    assert await is_gone(part.pid)
    await eventually(lambda: is_gone(child), what="the part's own child ends")


async def test_a_start_that_is_cancelled_leaves_nothing_to_stop(supervisor: Supervisor) -> None:
    starting = asyncio.create_task(supervisor.start(spec(SLEEPS)))
    await asyncio.sleep(0)
    starting.cancel()
    await asyncio.wait([starting])
    assert starting.cancelled()
    assert supervisor.pids == {}


async def test_a_tool_that_fails_says_what_it_said(supervisor: Supervisor) -> None:
    with pytest.raises(StartError, match="no space left"):
        await supervisor.run(spec("print('no space left'); raise SystemExit(1)", "initdb"))


async def test_a_program_that_is_not_there_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(StartError, match="livekit: cannot run /no/such/program"):
        await supervisor.start(PartSpec("livekit", ("/no/such/program",), {}))


async def test_a_part_is_seen_to_end_while_its_own_child_holds_its_output(
    supervisor: Supervisor,
) -> None:
    part = await supervisor.start(spec(HAS_A_CHILD))

    async def is_up() -> bool | None:
        return bool(part.tail) or None

    await supervisor.ready(part, is_up, 20.0)
    os.kill(part.pid, signal.SIGKILL)
    async with asyncio.timeout(60.0):
        assert "signal SIGKILL" in str(await supervisor.death())


async def test_a_part_that_is_kept_is_started_again_and_leaves_nothing_behind(
    supervisor: Supervisor,
) -> None:
    part = await supervisor.start(spec(HAS_A_CHILD, "worker"))
    again: list[Part] = []
    supervisor.keep(part, again.append)

    async def child_pid() -> int | None:
        return int(part.tail[-1]) if part.tail else None

    child = await supervisor.ready(part, child_pid, 20.0)
    os.kill(part.pid, signal.SIGKILL)
    async with asyncio.timeout(60.0):
        await supervisor.restarted.wait()
    assert supervisor.pids == {"worker": again[0].pid}
    assert again[0].pid != part.pid
    await eventually(lambda: is_gone(child), what="the dead part's own child ends")


async def test_a_part_that_is_kept_and_dies_too_often_is_reported(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.dev.restarts.WAITS_S", (0.0,) * 4)
    part = await supervisor.start(spec(SLEEPS, "worker"))
    supervisor.keep(part, lambda again: again.kill())
    part.kill()
    async with asyncio.timeout(60):
        death = await supervisor.death()
    assert str(death).startswith("worker ended by itself (signal SIGKILL)")


async def test_a_part_that_ends_by_a_signal_without_a_name_is_reported(
    supervisor: Supervisor,
) -> None:
    part = await supervisor.start(spec(SLEEPS))
    os.kill(part.pid, signal.SIGRTMIN + 1)
    async with asyncio.timeout(60.0):
        assert f"signal {int(signal.SIGRTMIN) + 1}" in str(await supervisor.death())


async def test_a_part_that_cannot_be_watched_any_more_is_a_death(supervisor: Supervisor) -> None:
    def broken(_: Part) -> None:
        raise ZeroDivisionError("whoever is told of the new part")

    part = await supervisor.start(spec(SLEEPS, "worker"))
    supervisor.keep(part, broken)
    part.kill()
    async with asyncio.timeout(60.0):
        assert isinstance(await supervisor.death(), ZeroDivisionError)


async def test_a_stop_does_not_wait_for_a_part_that_waits_to_be_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cli.dev.restarts.WAITS_S", (600.0,) * 4)
    supervisor = Supervisor(ConsoleLog(os.open(os.devnull, os.O_WRONLY)))
    part = await supervisor.start(spec(SLEEPS, "worker"))
    supervisor.keep(part, lambda again: pytest.fail("it was started again"))
    part.kill()
    await part.wait()
    await asyncio.sleep(0)
    async with asyncio.timeout(60.0):
        await supervisor.stop_all()


def test_the_guard_ends_the_parts_when_nobody_else_can() -> None:
    parts = [sleeper(SLEEPS), sleeper(IGNORES_SIGTERM)]
    watching = start_guard()
    watching.communicate("".join(f"{part.pid}\n" for part in parts).encode(), 30)
    assert [part.wait(30) for part in parts] == [-signal.SIGTERM, -signal.SIGKILL]


def test_the_guard_leaves_parts_alone_that_were_ended_in_order() -> None:
    part = sleeper(SLEEPS)
    watching = start_guard()
    watching.communicate(f"{part.pid}\ndone\n".encode(), 30)
    still_running = part.poll() is None
    part.kill()
    part.wait(30)
    assert still_running


def test_the_guard_leaves_a_number_alone_whose_part_is_over() -> None:
    other, part = sleeper(SLEEPS), sleeper(SLEEPS)
    watching = start_guard()
    watching.communicate(f"{other.pid}\n-{other.pid}\n{part.pid}\n".encode(), 30)
    ended = part.wait(30)
    still_running = other.poll() is None
    other.kill()
    other.wait(30)
    assert (ended, still_running) == (-signal.SIGTERM, True)


async def test_a_log_that_nobody_reads_holds_nobody_up() -> None:
    reading, writing = os.pipe()
    log = ConsoleLog(writing)
    for _ in range(20_000):
        log.write("api", "x" * 100)
    log.close(timeout_s=0.1)
    kept, reused = os.pipe()
    os.dup2(reused, writing)
    os.close(reading)
    os.set_blocking(kept, False)
    await asyncio.sleep(0.2)
    with pytest.raises(BlockingIOError):
        os.read(kept, 1)
    for fd in (kept, reused, writing):
        os.close(fd)
