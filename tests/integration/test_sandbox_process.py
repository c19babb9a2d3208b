"""``python -m sandbox`` as a process: ready file, end by signal, end with its parent."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.eventually import eventually
from tests.integration.sandbox_clients import DEADLINE_S

ROOT = Path(__file__).parents[2]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.toml"
    path.write_text('[chat]\nreplies = ["hello"]\nfirst_token_ms = 0\n')
    return path


async def start(*arguments: str, program: tuple[str, ...] = ("-m", "sandbox")) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, *program, *arguments, cwd=ROOT, stdout=PIPE, stderr=PIPE
    )


async def read_ready(path: Path) -> dict[str, Any]:
    async def is_there() -> bool:
        return path.exists()  # noqa: ASYNC240 - a look at a local folder

    await eventually(is_there, what="the ready file", deadline_s=DEADLINE_S)
    ready: dict[str, Any] = json.loads(await asyncio.to_thread(path.read_text))
    return ready


async def finish(process: Process) -> tuple[int | None, str, str]:
    async with asyncio.timeout(DEADLINE_S):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_where_it_serves_and_ends_cleanly(
    script: Path, tmp_path: Path, number: signal.Signals
) -> None:
    ready_file = tmp_path / "ready.json"
    process = await start("--script", str(script), "--ready-file", str(ready_file))
    ready = await read_ready(ready_file)
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{ready['http_url']}/upstreams/local/v1/models") as response,
    ):
        assert response.status == 200
    process.send_signal(number)
    code, out, _ = await finish(process)

    assert code == 0
    assert out == f"sandbox ready at {ready['http_url']}\n"
    assert ready["pids"] == [process.pid]
    assert ready["ws_url"] == ready["http_url"].replace("http", "ws")


async def test_open_sockets_do_not_hold_up_the_end(script: Path, tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    process = await start("--script", str(script), "--ready-file", str(ready_file))
    ready = await read_ready(ready_file)
    async with aiohttp.ClientSession() as http:
        url = f"{ready['ws_url']}/text-to-speech/ws"
        async with http.ws_connect(url, headers={"api-subscription-key": "k"}):
            process.terminate()
            code, _, err = await finish(process)

    assert code == 0
    assert "Traceback" not in err


async def test_a_wrong_script_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("[stt]\nlatency = 5\n")
    code, _, err = await finish(await start("--script", str(path)))

    assert code == 2
    assert err.startswith(f"sandbox: {path}: stt.latency: unknown key")
    assert err.count("\n") == 1


async def test_a_taken_port_is_one_clear_line(script: Path) -> None:
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    async with taken:
        port = taken.sockets[0].getsockname()[1]
        code, _, err = await finish(await start("--script", str(script), "--port", str(port)))

    assert code == 2
    assert err.startswith("sandbox: ")
    assert str(port) in err


async def test_with_parent_it_ends_when_its_parent_is_killed(script: Path, tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    command = [
        *(sys.executable, "-m", "sandbox", "--with-parent"),
        *("--script", str(script), "--ready-file", str(ready_file)),
    ]
    parent = await start(f"import subprocess; subprocess.run({command!r})", program=("-c",))
    (pid,) = (await read_ready(ready_file))["pids"]
    parent.kill()

    async def is_gone() -> bool:
        return not is_running(pid)

    await eventually(is_gone, what="the end of the orphan")
    await finish(parent)


def is_running(pid: int) -> bool:
    """A zombie that nobody waits for counts as gone."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
