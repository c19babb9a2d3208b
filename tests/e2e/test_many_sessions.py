"""One session after the other and several at once: afterwards nothing of them is left."""

import asyncio
import json

import psutil
import pytest

from benchmarks.child_process import ChildProcess
from tests.e2e import room
from tests.e2e.account import Account, Json, call, opened
from tests.e2e.livekit import rooms
from tests.e2e.scripts import YES
from tests.e2e.system import System
from tests.eventually import eventually

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("providers"),
    pytest.mark.lengthy,
]

IN_A_ROW = 10
CODE_LOST = "process exited with non-zero exit code 255"
AT_ONCE = 4


async def talk(account: Account) -> Json:
    """One whole call, soon over: greeting, question, answer, hanging up."""
    session = await account.create(greeting="Hello.")
    async with call(session) as caller:
        await room.turn(caller, 0)
        await caller.say_text("Are you there?")
        answer = await room.turn(caller, 1)
        assert answer.agent_response == YES
    return session


def held(process: ChildProcess) -> tuple[int, int, int]:
    """Processes below it, and sockets and files that it holds open itself."""
    own = psutil.Process(process.pid)
    return len(own.children(recursive=True)), len(own.net_connections()), own.num_fds()


async def nothing_is_left(system: System, account: Account, sessions: list[Json]) -> None:
    """Every row ended by hanging up, every room closed."""
    for session in sessions:
        ended = await account.ended(session["id"])
        assert (ended["status"], ended["end_reason"]) == ("completed", "caller_hangup")
        assert ended["turn_count"] == 2
    assert await account.listed(status="active") == []
    names = [session["config"]["livekit_room"] for session in sessions]

    async def are_gone() -> bool:
        return not await rooms(system.livekit, *names)

    await eventually(are_gone, what="the end of every room")


async def test_many_calls_leave_no_room_process_socket_or_row(
    system: System, account: Account
) -> None:
    written_before = len(system.worker.written())
    sessions = [await talk(account)]
    await nothing_is_left(system, account, sessions)
    at_rest = {name: held(process) for name, process in processes(system).items()}

    sessions += [await talk(account) for _ in range(IN_A_ROW - 1)]
    await nothing_is_left(system, account, sessions)
    # A tenant may create ten sessions a minute: the next four are another's.
    async with opened(system) as other:
        at_once = await asyncio.gather(*(talk(other) for _ in range(AT_ONCE)))
        await nothing_is_left(system, other, at_once)

    async def is_at_rest() -> bool:
        return all(
            all(now <= before for now, before in zip(held(process), at_rest[name], strict=True))
            for name, process in processes(system).items()
        )

    await eventually(is_at_rest, what="worker and API hold no more than before")
    lines = map(json.loads, system.worker.written()[written_before:].splitlines())
    # LiveKit's SDK itself calls it an error when a room that it negotiates with is left; and 255 is
    # what Python tells where two threads of livekit-agents ask for a job's exit code at once.
    ours = [line for line in lines if line["logger"] != "livekit" and line["event"] != CODE_LOST]
    assert [line for line in ours if line["level"] in ("error", "critical")] == []


def processes(system: System) -> dict[str, ChildProcess]:
    """Those that a call passes through."""
    return {"api": system.api.process, "worker": system.worker}
