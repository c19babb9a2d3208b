"""Secrets at rest: encrypted with a key that only the settings hold.

AES-256-GCM under a key derived (HKDF-SHA256) from `DATA_ENCRYPTION_KEY`. What a sealed value is
about, such as its row's id, is authenticated with it, so that a value moved to another row does
not open there.
"""

import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from core.errors import StoreError

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12  # what GCM is made for; random ones are safe for 2³² values a key
_PURPOSE: Final = b"vaarta sealed values 1"
_DIGEST_PURPOSE: Final = b"vaarta digests 1"


class SealBroken(StoreError):
    """A value was sealed with another key, about something else, or damaged."""


class Sealer:
    """Seals and opens small values."""

    def __init__(self, key: SecretStr) -> None:
        secret = key.get_secret_value().encode()
        self._cipher = AESGCM(_derived(secret, _PURPOSE))
        self._digest_key = _derived(secret, _DIGEST_PURPOSE)

    def seal(self, value: bytes, *, about: str) -> bytes:
        """`value`, unreadable; only the same `about` opens it."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, value, about.encode())

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """What was sealed. Raises `SealBroken`."""
        nonce, encrypted = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, encrypted, about.encode())
        except (InvalidTag, ValueError):
            raise SealBroken("a sealed value does not open: DATA_ENCRYPTION_KEY") from None

    def digest(self, value: bytes) -> bytes:
        """What tells `value` from others, and nothing else to who has no key: HMAC-SHA256."""
        return hmac.digest(self._digest_key, value, "sha256")


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=purpose).derive(secret)
