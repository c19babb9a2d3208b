"""Scripted faults of a recognition socket."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from sandbox.backstage import Backstage
from sandbox.clock import wait_until
from sandbox.listening import Listener
from sandbox.ports import Transcript
from sandbox.script import SttFault
from sandbox.sockets import Socket

Report = Callable[[SttFault], Awaitable[None]]
"""Sends a fault's error event."""


async def shake_hands(backstage: Backstage, endpoint: str) -> Sequence[SttFault]:
    """Let the handshake take its time; the faults that this connection is to have."""
    faults = tuple(f for f in backstage.script.stt.faults if f.endpoint in ("any", endpoint))
    due = sorted(backstage.due(faults), key=lambda fault: (fault.after_voiced_ms, fault.after_ms))
    await asyncio.sleep(sum(fault.handshake_ms for fault in due) / 1000)
    return [fault for fault in due if not fault.handshake_ms]


async def run_faults(
    faults: Sequence[SttFault], socket: Socket, listener: Listener, report: Report
) -> None:
    """Wait for each fault and commit it."""
    opened_at_s = time.monotonic()
    for fault in faults:
        await wait_until(opened_at_s + fault.after_ms / 1000)
        await listener.heard_voice(fault.after_voiced_ms)
        if fault.drop:
            socket.abort()
            return
        if fault.mute:
            socket.is_mute = True
            return
        await report(fault)
        if fault.close_code is not None:
            await socket.close(fault.close_code, fault.message)
            return


async def bring_about(
    backstage: Backstage, endpoint: str, transcript: Transcript
) -> tuple[Transcript, int]:
    """What a final turns out to be when it is due, and how often it is told."""
    faults = tuple(f for f in backstage.script.stt.finals if f.endpoint in ("any", endpoint))
    fault = next(backstage.due(faults), None)
    if fault is None:
        return transcript, 1
    if fault.kind == "late":
        await asyncio.sleep(fault.late_ms / 1000)
    if fault.kind == "empty":
        transcript = replace(transcript, text="")
    return transcript, {"double": 2, "lost": 0}.get(fault.kind, 1)
