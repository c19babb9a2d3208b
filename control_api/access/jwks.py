"""An identity provider's public keys, fetched when one is needed and kept for a while."""

import asyncio
import time
from typing import Any, Final

import aiohttp
import jwt

from control_api.request.errors import unavailable

_FRESH_S: Final = 600.0
# A token may name any key id: unknown ones must not make us ask again and again.
_PAUSE_S: Final = 15.0
_TIMEOUT_S: Final = 5.0
_MAX_BYTES: Final = 256 * 1024


class KeySet:
    """The keys behind `url`, by id. Stale ones are used while the provider is away."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._url = url
        self._http = http
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._asked_at: float | None = None
        self._lock = asyncio.Lock()

    async def find(self, key_id: str | None) -> jwt.PyJWK | None:
        """The key of that id; without an id, the only key there is.

        Raises `ApiError` (503) when the provider has never answered.
        """
        async with self._lock:
            if self._is_due(_FRESH_S) or (key_id not in self._keys and self._is_due(_PAUSE_S)):
                await self._refresh()
        if not self._keys:
            raise unavailable("identity provider")
        if key_id is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(key_id)

    def _is_due(self, age_s: float) -> bool:
        return self._asked_at is None or time.monotonic() - self._asked_at >= age_s

    async def _refresh(self) -> None:
        self._asked_at = time.monotonic()
        try:
            self._keys = await self._fetch()
        except (aiohttp.ClientError, OSError, ValueError, jwt.PyJWTError):
            if not self._keys:
                raise unavailable("identity provider") from None

    async def _fetch(self) -> dict[str | None, jwt.PyJWK]:
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        async with self._http.get(self._url, timeout=timeout, allow_redirects=False) as answer:
            answer.raise_for_status()
            body = await answer.content.read(_MAX_BYTES)
        return {key.key_id: key for key in jwt.PyJWKSet.from_json(body.decode()).keys}


def algorithm_of(key: Any) -> str | None:
    """The one signature algorithm that a key of this kind may verify here."""
    return {"RSA": "RS256", "EC": "ES256"}.get(key.key_type)
