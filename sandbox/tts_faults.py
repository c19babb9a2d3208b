"""Scripted faults of a synthesis: audio up to a point, then the failure."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from sandbox.backstage import Backstage
from sandbox.clock import wait_until
from sandbox.ports import Samples, SpokenLine
from sandbox.script import SOCKET_FAULTS, TtsFault
from sandbox.sockets import Socket

_FOR_EVER_S = 3600.0


class SynthesisError(Exception):
    """The scripted provider error."""

    def __init__(self, fault: TtsFault) -> None:
        super().__init__(fault.message)
        self.code = fault.code


class SynthesisDrop(Exception):
    """The connection is to be cut."""


async def speak(backstage: Backstage, line: SpokenLine) -> AsyncGenerator[Samples]:
    """The voice's audio. Raises SynthesisError or SynthesisDrop where the script says so."""
    fault = _find_fault(backstage, line.speaker)
    left = None if fault is None else line.rate_hz * fault.after_ms // 1000
    if fault is not None and left == 0:
        await _commit(fault)
    async with aclosing(backstage.providers.voice.speak(line)) as audio:
        async for samples in audio:
            yield samples[:left]
            if fault is not None and left is not None:
                left = max(0, left - samples.size)
                if left == 0:
                    await _commit(fault)


def _find_fault(backstage: Backstage, speaker: str) -> TtsFault | None:
    faults = backstage.script.tts.faults
    of_synthesis = (fault for fault in faults if fault.kind not in SOCKET_FAULTS)
    matching = tuple(fault for fault in of_synthesis if re.search(fault.speaker, speaker))
    return next(backstage.due(matching), None)


async def _commit(fault: TtsFault) -> None:
    if fault.kind == "stall":
        await asyncio.sleep(_FOR_EVER_S)
    if fault.kind == "drop":
        raise SynthesisDrop
    raise SynthesisError(fault)


async def shake_hands(backstage: Backstage) -> Sequence[TtsFault]:
    """Let the handshake take its time; the faults that this socket is to have."""
    faults = backstage.script.tts.faults
    due = list(backstage.due(tuple(fault for fault in faults if fault.kind in SOCKET_FAULTS)))
    await asyncio.sleep(sum(f.after_ms for f in due if f.kind == "handshake") / 1000)
    return [fault for fault in due if fault.kind != "handshake"]


async def run_faults(faults: Sequence[TtsFault], socket: Socket) -> None:
    """Wait for each fault of the socket and commit it."""
    opened_at_s = time.monotonic()
    for fault in sorted(faults, key=lambda fault: fault.after_ms):
        await wait_until(opened_at_s + fault.after_ms / 1000)
        if fault.kind == "freeze":
            socket.freeze()
        else:
            socket.abort()
