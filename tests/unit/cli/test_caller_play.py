"""How long a caller may take over a clip."""

import asyncio
from types import SimpleNamespace
from typing import Final

import numpy as np
import pytest

from cli.caller import caller as caller_module
from cli.caller.caller import Caller, CallOptions
from cli.caller.clip import Clip
from cli.caller.microphone import PlayedSpan
from tests.virtual_time import run_virtual

CLIP: Final = Clip("clip", np.zeros(16_000, np.int16), 16_000, 0, 15_999)
SPAN: Final = PlayedSpan(0.0, 1.0, 0.2)
HELD_UP_S: Final = 20.0


class SlowMicrophone:
    """The machine holds it up, again and again."""

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz

    async def play(self, clip: Clip) -> PlayedSpan:
        await asyncio.sleep(clip.duration_s + HELD_UP_S)
        return SPAN


def test_a_clip_takes_longer_on_a_busy_machine_within_the_calls_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def play() -> PlayedSpan:
        clock = SimpleNamespace(monotonic=asyncio.get_running_loop().time)
        monkeypatch.setattr(caller_module, "time", clock)
        monkeypatch.setattr(caller_module, "Microphone", SlowMicrophone)
        monkeypatch.setattr("cli.caller.caller.rtc.Room", object)
        caller = Caller("ws://nowhere", "token", CallOptions(timeout_s=2 * HELD_UP_S))
        return await caller.play(CLIP)

    assert run_virtual(play()) == SPAN
