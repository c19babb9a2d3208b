"""Whether a room is lost whose signalling was cut: its sound may well go on.

    signalling cut ─┬─ packets still arrive ──▶ LiveKit resumes it: wait, 12 s at most
                    └─ none for 2.5 s ────────▶ lost

LiveKit carries signalling also through nodes that do not have the room. The node that has it keeps
it as long as packets arrive, and both sides hear each other. Sound of the caller's that the SDK
gives is no sign of that: it gives silence where there is none.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from livekit import rtc

GONE_S: Final = 2.5
"""A room without signalling and without a packet for so long is left to an agent elsewhere, which
is there sooner. While it lives a packet comes each second, whoever is silent: LiveKit's report on
what it gets."""
RESUME_S: Final = 12.0
"""By then LiveKit's own attempt is over: the SDK joins anew after 5 s without a connection and 5 s
without an answer, beside the second that it leaves the transport to settle; livekit-server gives up
a node that does not answer any more after 7.5 s."""
SILENT_S: Final = 1.2
"""Without a packet for longer than there ever is between two in a room that lives, and no longer
than it takes at least to find that the network takes nothing any more (`UNTAKEN_S`)."""
LOOK_EVERY_S: Final = 0.25
LOOK_TIMEOUT_S: Final = 0.5


class LostRoom:
    """Watches a room. `on_lost` is told when it is, unless it was told to `stop`."""

    def __init__(self, room: rtc.Room, on_lost: Callable[[], None]) -> None:
        self._room = room
        self._on_lost = on_lost
        self._watching: asyncio.Task[None] | None = None
        room.on("reconnecting", self._begin)
        room.on("reconnected", self.stop)

    def stop(self) -> None:
        """Give up no more: the room is back, or lost for good."""
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None

    def _begin(self) -> None:
        self.stop()
        self._watching = asyncio.create_task(self._watch(), name="lost-room")

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        cut_at = alive_at = loop.time()
        while (left_s := min(alive_at + GONE_S, cut_at + RESUME_S) - loop.time()) > 0:
            await asyncio.sleep(min(left_s, LOOK_EVERY_S))
            if (ago_s := await _last_packet_ago_s(self._room)) is not None:
                alive_at = max(alive_at, loop.time() - ago_s)
        self._on_lost()


async def is_silent(room: rtc.Room) -> bool:
    """Whether nothing comes from the room any more."""
    ago_s = await _last_packet_ago_s(room)
    return ago_s is None or ago_s >= SILENT_S


async def _last_packet_ago_s(room: rtc.Room) -> float | None:
    """How long ago the last packet of the room's came; None where nothing is known of one."""
    try:
        async with asyncio.timeout(LOOK_TIMEOUT_S):
            told = await room.get_rtc_stats()
    except Exception:  # whatever the SDK raises is no sign of life
        return None
    pairs = [
        one.candidate_pair
        for one in (*told.publisher_stats, *told.subscriber_stats)
        if one.HasField("candidate_pair")
    ]
    ages = [
        pair.rtc.timestamp / 1e6 - pair.candidate_pair.last_packet_received_timestamp / 1e3
        for pair in pairs
        if pair.candidate_pair.last_packet_received_timestamp
    ]
    return max(0.0, min(ages)) if ages else None
