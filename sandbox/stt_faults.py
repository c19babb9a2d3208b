"""Scripted faults of a recognition socket."""

import time
from collections.abc import Awaitable, Callable

from sandbox.backstage import Backstage
from sandbox.clock import wait_until
from sandbox.script import SttFault
from sandbox.sockets import Socket


async def run_faults(
    backstage: Backstage,
    socket: Socket,
    endpoint: str,
    report: Callable[[SttFault], Awaitable[None]],
) -> None:
    """Wait for each fault of this endpoint and commit it. ``report`` sends its error event."""
    opened_at_s = time.monotonic()
    faults = tuple(f for f in backstage.script.stt.faults if f.endpoint in ("any", endpoint))
    due = sorted(backstage.due(faults), key=lambda fault: fault.after_ms)
    for fault in due:
        await wait_until(opened_at_s + fault.after_ms / 1000)
        if fault.drop:
            socket.abort()
            return
        await report(fault)
        if fault.close_code is not None:
            await socket.close(fault.close_code, fault.message)
            return
