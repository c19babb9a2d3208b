"""The transport floor: what the transport alone takes, with the same rig.

A caller plays a marker with an edge of one sample; a participant in another process sends back
what it hears (`benchmarks.echo`); floor = first sample heard - first sample sent. It holds two
legs of everything between agents and callers: encoder, server, jitter buffer, decoder.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from benchmarks.clips import clips_of, read
from benchmarks.livekit_server import LiveKitAccess
from benchmarks.result import Tally
from cli.caller.caller import Caller, CallOptions
from cli.caller.clip import Clip
from cli.caller.errors import CallerError, CallTimeout

METRIC: Final = "transport_floor"
LATE_S: Final = 0.030
"""A caller's frame later than this is the machine's doing: the turn does not count."""
_READY_TIMEOUT_S: Final = 20.0
_MARKER_TIMEOUT_S: Final = 3.0
_SETTLE_S: Final = 0.6
"""Between markers: longer than any echo of one."""
_WARM_UP: Final = 3


async def measure_floor(livekit: LiveKitAccess, markers: int, tally: Tally) -> None:
    """Adds `transport_floor` to the tally. Raises CallerError."""
    room = f"floor-{uuid4().hex}"
    marker = read(clips_of("marker")[0])
    options = CallOptions(speaker_hz=48_000)
    async with (
        _echo(livekit, room),
        Caller(livekit.url, livekit.token(room, "caller"), options) as caller,
    ):
        await caller.wait_for(
            lambda: caller.agent_sound.frames > 100, what="the echo's track", timeout_s=10.0
        )
        for index in range(markers + _WARM_UP):
            await _measure_marker(caller, marker, tally, is_warm_up=index < _WARM_UP)


async def _measure_marker(caller: Caller, marker: Clip, tally: Tally, *, is_warm_up: bool) -> None:
    span = await caller.play(marker)
    sound = caller.agent_sound
    try:
        onset = await caller.wait_for(
            lambda: sound.onset_after(span.first_speech_at),
            what="the marker's echo",
            timeout_s=_MARKER_TIMEOUT_S,
        )
    except CallTimeout:
        tally.errors["floor: marker not heard"] += 1
        return
    floor_ms = (onset - span.first_speech_at) * 1000
    if is_warm_up:
        tally.add_warm_up(METRIC, floor_ms)
    elif span.worst_lateness_s > LATE_S:
        tally.discards["floor: caller late"] += 1
    else:
        tally.add(METRIC, floor_ms)
    await caller.wait_for(
        lambda: (sound.quiet_s(time.monotonic()) or 0.0) > _SETTLE_S,
        what="the end of the echo",
        timeout_s=_MARKER_TIMEOUT_S,
    )


@asynccontextmanager
async def _echo(livekit: LiveKitAccess, room: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(*livekit.prefix, sys.executable, "-m", "benchmarks.echo", livekit.url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(f"{livekit.token(room, 'echo')}\n".encode())
        async with asyncio.timeout(_READY_TIMEOUT_S):
            if (await process.stdout.readline()).strip() != b"ready":
                raise CallerError("the echo participant did not join")
        yield
    finally:
        process.stdin.close()
        async with asyncio.timeout(_READY_TIMEOUT_S):
            await process.wait()
