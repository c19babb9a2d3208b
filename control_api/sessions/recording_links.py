"""Links by which whoever has them hears one recording, for a while: what they may is in them.

…/recording/sound?expires=<Unix time>&signature=<HMAC of session, object and that time>
"""

import hashlib
import hmac
import time
from collections.abc import Iterable
from typing import Final

from aiohttp import web
from pydantic import SecretStr

from store.records import SessionId

_PURPOSE: Final = b"vaarta recording links 1"


class RecordingLinks:
    """Signs with the ring's first key; every key of the ring still counts."""

    def __init__(self, keys: Iterable[SecretStr]) -> None:
        secrets = [one.get_secret_value().encode() for one in keys]
        self._keys = [_hmac(one, _PURPOSE) for one in secrets]

    def query(self, session_id: SessionId, key: str, *, expires: int) -> dict[str, str]:
        """What a link to the object `key` says until `expires`, in seconds since 1970."""
        signature = _signature(self._keys[0], session_id, key, expires)
        return {"expires": str(expires), "signature": signature}

    def is_good(self, session_id: SessionId, key: str, *, expires: int, signature: str) -> bool:
        """Whether it is a link of ours to this object, and still counts."""
        good = (_signature(one, session_id, key, expires) for one in self._keys)
        given = signature.encode()
        is_ours = any(hmac.compare_digest(one.encode(), given) for one in good)
        return is_ours and time.time() < expires


LINKS: Final = web.AppKey("recording_links", RecordingLinks)


def _signature(key: bytes, session_id: SessionId, object_key: str, expires: int) -> str:
    return _hmac(key, f"{session_id}\n{object_key}\n{expires}".encode()).hex()


def _hmac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()
