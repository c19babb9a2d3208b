"""Scripted faults of a synthesis: audio up to a point, then the failure."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from sandbox.backstage import Backstage
from sandbox.ports import Samples, SpokenLine
from sandbox.script import TtsFault

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
    matching = tuple(fault for fault in faults if re.search(fault.speaker, speaker))
    return next(backstage.due(matching), None)


async def _commit(fault: TtsFault) -> None:
    if fault.kind == "stall":
        await asyncio.sleep(_FOR_EVER_S)
    if fault.kind == "drop":
        raise SynthesisDrop
    raise SynthesisError(fault)
