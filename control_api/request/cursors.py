"""Cursors: places in lists as text that tells nothing and is worth nothing in another list.

A place is encrypted under a key derived from the ring's first; every key of the ring opens. The
same place has the same cursor (AES-SIV), so that there is no count of values after which a key is
used up.
"""

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from aiohttp import web
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from store.pages import Place

_KEY_BYTES: Final = 32
_PURPOSE: Final = b"vaarta cursors 1"


class UnknownCursor(Exception):
    """No cursor of this list."""


class Cursors:
    """Writes and reads cursors; `about` says of which list they are."""

    def __init__(self, keys: Iterable[SecretStr]) -> None:
        self._ciphers = [AESSIV(_derived(one.get_secret_value().encode())) for one in keys]

    def write(self, place: Place, *, about: str) -> str:
        """The cursor of the place."""
        text = " ".join(map(_written, place))
        sealed = self._ciphers[0].encrypt(text.encode(), [about.encode()])
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, cursor: str, *, about: str) -> Place:
        """The place. Raises `UnknownCursor`."""
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            sealed = base64.b64decode(padded, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise UnknownCursor from None
        for cipher in self._ciphers:
            try:
                text = cipher.decrypt(sealed, [about.encode()]).decode()
            except (InvalidTag, ValueError):
                continue
            return tuple(map(_value_of, text.split()))
        raise UnknownCursor


CURSORS: Final = web.AppKey("cursors", Cursors)


def _derived(secret: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE).derive(secret)


def _written(value: Any) -> str:
    match value:
        case datetime():
            return f"t{value.isoformat()}"
        case UUID():
            return f"u{value}"
        case int():
            return f"n{value}"
    raise TypeError(f"no place has a {type(value).__name__}")


def _value_of(text: str) -> Any:
    kind, value = text[0], text[1:]
    if kind == "t":
        return datetime.fromisoformat(value)
    return UUID(value) if kind == "u" else int(value)
