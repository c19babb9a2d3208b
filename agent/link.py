"""Whether LiveKit can be reached from this machine, asked by a worker's parent process.

A connection that is cut without a word is noticed by the SDK only after ten seconds and more, in
which the caller hears nothing. The parent asks for all its jobs, over a connection of its own.
"""

import asyncio
import logging
from typing import Final

import aiohttp
from livekit.api import ListRoomsRequest, LiveKitAPI, TwirpError

from agent.signs import Sign
from core.setting_groups import LiveKitSettings

log = logging.getLogger(__name__)

ASK_EVERY_S: Final = 0.7
ANSWER_TIMEOUT_S: Final = 0.9
MAX_UNANSWERED: Final = 3
"""A busy server may miss one or two."""
NO_ROOM: Final = "vaarta-is-livekit-there"


class Link:
    """Shows `cut_off` while LiveKit does not answer; `run` it."""

    def __init__(self, settings: LiveKitSettings, cut_off: Sign) -> None:
        self._settings = settings
        self._cut_off = cut_off
        self._n_unanswered = 0

    async def run(self) -> None:
        """Ask again and again, until cancelled."""
        settings = self._settings
        secret = settings.api_secret.get_secret_value()
        async with LiveKitAPI(settings.url, settings.api_key, secret) as api:
            while True:
                self._note(is_answered=await self._answers(api))
                await asyncio.sleep(ASK_EVERY_S)

    def _note(self, *, is_answered: bool) -> None:
        if is_answered:
            if self._n_unanswered >= MAX_UNANSWERED:
                log.warning("livekit.back")
                self._cut_off.hide()
            self._n_unanswered = 0
            return
        self._n_unanswered += 1
        if self._n_unanswered == MAX_UNANSWERED:
            log.warning("livekit.cut_off")
            self._cut_off.show()

    async def _answers(self, api: LiveKitAPI) -> bool:
        """Whether it answers at all: also a refusal is an answer."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                await api.room.list_rooms(ListRoomsRequest(names=[NO_ROOM]))
        except TwirpError:
            return True
        except (aiohttp.ClientError, OSError):
            return False
        return True
