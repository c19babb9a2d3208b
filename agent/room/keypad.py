"""Keys that a caller presses on a telephone → what they typed."""

import asyncio
from collections.abc import Callable
from typing import Final

from livekit import rtc

PAUSE_S: Final = 1.5
"""Without another key for so long, it is all of it."""
ENTER: Final = "#"
KEYS: Final = frozenset("0123456789*ABCD")
MAX_KEYS: Final = 64
"""More of them are left out: a number is shorter, and something lies on the keys."""


class Keypad:
    """Follows one participant's keys. `on_typed` is told them as one text, such as "4711", once
    they press # or pause; a # by itself is a text, too."""

    def __init__(self, room: rtc.Room, identity: str, *, on_typed: Callable[[str], None]) -> None:
        self._identity = identity
        self._on_typed = on_typed
        self._pressed = ""
        self._pausing: asyncio.TimerHandle | None = None
        room.on("sip_dtmf_received", self._press)

    def close(self) -> None:
        """Forget what was pressed and is not told."""
        self._pressed = ""
        self._stop_waiting()

    def _press(self, tone: rtc.SipDTMF) -> None:
        if tone.participant is None or tone.participant.identity != self._identity:
            return
        if tone.digit == ENTER:
            self._tell(self._pressed or ENTER)
        elif tone.digit in KEYS:
            self._pressed = (self._pressed + tone.digit)[:MAX_KEYS]
            self._stop_waiting()
            loop = asyncio.get_running_loop()
            self._pausing = loop.call_later(PAUSE_S, lambda: self._tell(self._pressed))

    def _tell(self, typed: str) -> None:
        self.close()
        self._on_typed(typed)

    def _stop_waiting(self) -> None:
        if self._pausing is not None:
            self._pausing.cancel()
            self._pausing = None
