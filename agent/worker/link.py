"""Whether LiveKit can be reached from this machine, asked by a worker's parent process.

A connection that is cut without a word is noticed by the SDK only after ten seconds and more, in
which the caller hears nothing. The parent asks for all its jobs, over a connection of its own.

    answered, or refused      ─▶ it is there
    not taken by the network  ─▶ cut off at once
    no answer, no connection  ─▶ cut off when all was in vain for a while: it may be busy
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum, auto
from errno import EHOSTUNREACH, ETIMEDOUT
from typing import Final

import aiohttp
from livekit.api import ListRoomsRequest, LiveKitAPI, TwirpError

from agent.signs import Sign
from core.setting_groups import LiveKitSettings
from core.supervision import looked

log = logging.getLogger(__name__)

ASK_EVERY_S: Final = 0.5
UNTAKEN_S: Final = 1.2
"""After a first repetition. The other machine's kernel takes a question within a moment, however
busy the server is; ours has repeated it some three times by then."""
ANSWER_TIMEOUT_S: Final = 2.2
"""A question that is given up before can tell no more whether it was taken."""
PATIENCE_S: Final = 5.0
"""Two questions without an answer."""
NO_ROOM: Final = "vaarta-is-livekit-there"


class Outcome(Enum):
    """What became of a question."""

    ANSWERED = auto()
    UNANSWERED = auto()
    UNTAKEN = auto()


class Link:
    """Shows `cut_off` while LiveKit does not answer; `run` it."""

    def __init__(self, settings: LiveKitSettings, cut_off: Sign) -> None:
        self._settings = settings
        self._cut_off = cut_off
        self._in_vain_s = 0.0

    async def run(self) -> None:
        """Ask again and again, until cancelled."""
        loop = asyncio.get_running_loop()
        async with self._api() as api:
            while True:
                asked_at = loop.time()
                outcome = await _ask(api)
                self._note(outcome, waited_s=loop.time() - asked_at)
                looked("link")
                await asyncio.sleep(ASK_EVERY_S)

    @asynccontextmanager
    async def _api(self) -> AsyncIterator[LiveKitAPI]:
        settings = self._settings
        secret = settings.api_secret.get_secret_value()
        connector = aiohttp.TCPConnector(socket_factory=_impatient_socket)
        async with (
            aiohttp.ClientSession(connector=connector) as http,
            LiveKitAPI(settings.url, settings.api_key, secret, session=http) as api,
        ):
            yield api

    def _note(self, outcome: Outcome, *, waited_s: float) -> None:
        was_cut_off = self._in_vain_s >= PATIENCE_S
        match outcome:
            case Outcome.ANSWERED:
                self._in_vain_s = 0.0
            case Outcome.UNTAKEN:
                self._in_vain_s = PATIENCE_S
            case Outcome.UNANSWERED:
                # A process that stood still itself has not waited for longer.
                self._in_vain_s += min(waited_s, ANSWER_TIMEOUT_S) + ASK_EVERY_S
        is_cut_off = self._in_vain_s >= PATIENCE_S
        if is_cut_off and not was_cut_off:
            log.warning("livekit.cut_off", extra={"outcome": outcome.name.lower()})
            self._cut_off.show()
        elif was_cut_off and not is_cut_off:
            log.warning("livekit.back")
            self._cut_off.hide()


async def _ask(api: LiveKitAPI) -> Outcome:
    """Also a refusal is an answer."""
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            await api.room.list_rooms(ListRoomsRequest(names=[NO_ROOM]))
    except TwirpError:
        return Outcome.ANSWERED
    except OSError as exc:
        is_untaken = exc.errno in {ETIMEDOUT, EHOSTUNREACH}
        return Outcome.UNTAKEN if is_untaken else Outcome.UNANSWERED
    except aiohttp.ClientError:
        return Outcome.UNANSWERED
    return Outcome.ANSWERED


def _impatient_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    """One whose kernel gives up what the network does not take. macOS has no such kernel: there all
    that is not answered is waited for."""
    family, kind, protocol, *_ = info
    made = socket.socket(family, kind, protocol)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(1000 * UNTAKEN_S))
    return made
