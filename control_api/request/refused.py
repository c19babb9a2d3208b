"""Who is refused again and again, as the log has it: a caller above its limits costs two lines a
second, however often it asks."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from aiohttp import web

_log: Final = logging.getLogger(__name__)
_SUMMED_UP_AFTER_S: Final = 1.0


class Refused:
    """Counts refusals by the ids of those who asked."""

    def __init__(self) -> None:
        self._more: dict[frozenset[tuple[str, str]], int] = {}

    def is_first(self, asked_by: Mapping[str, str]) -> bool:
        """Whether it has a line of its own; those of the second that follows have one together."""
        who = frozenset(asked_by.items())
        if who in self._more:
            self._more[who] += 1
            return False
        self._more[who] = 0
        asyncio.get_running_loop().call_later(_SUMMED_UP_AFTER_S, self._sum_up, who)
        return True

    def _sum_up(self, who: frozenset[tuple[str, str]]) -> None:
        if n := self._more.pop(who):
            _log.info("requests.refused", extra={"n": n, **dict(who)})


REFUSED: Final = web.AppKey("refused", Refused)
