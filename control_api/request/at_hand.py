"""How many requests of one tenant a process has at hand; one too many is refused before it costs
more than the look at who asks. Event streams do not count: they have a cap of their own."""

from typing import Final

from aiohttp import web

from control_api.request.errors import ApiError, ErrorCode
from core.counts import Counts
from store.records import TenantId

_WHOSE: Final = web.RequestKey("whose", TenantId)
_RETRY_AFTER_S: Final = 1


class AtHand:
    """Counts them, up to `most` of each tenant."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._n_of: Counts[TenantId] = Counts()

    def take(self, request: web.Request, tenant_id: TenantId) -> None:
        """One more, until it is let go. Raises `ApiError` (429)."""
        if self._n_of[tenant_id] >= self._most:
            message = f"At most {self._most:,} requests of this tenant are answered at once."
            headers = {"Retry-After": str(_RETRY_AFTER_S)}
            raise ApiError(ErrorCode.TOO_MANY_CONCURRENT_REQUESTS, message, headers=headers)
        request[_WHOSE] = tenant_id
        self._n_of[tenant_id] += 1

    def let_go(self, request: web.Request) -> None:
        """It is answered, or is to be counted no more; nothing where it is not counted."""
        if (tenant_id := request.pop(_WHOSE, None)) is not None:
            self._n_of.less(tenant_id)


AT_HAND: Final = web.AppKey("at_hand", AtHand)
