"""Secrets at rest: encrypted with a key that only the settings hold.

AES-256-GCM under a key derived (HKDF-SHA256) from `DATA_ENCRYPTION_KEY`. What a sealed value is
about, such as its row's id, is authenticated with it, so that a value moved to another row does
not open there. The keys before it open until everything is sealed anew: each is tried, as a ring
has few and what does not open says so by itself.
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
    """Seals and opens small values. The first key seals, each of them opens."""

    def __init__(self, first: SecretStr, *earlier: SecretStr) -> None:
        secrets = [key.get_secret_value().encode() for key in (first, *earlier)]
        self._ciphers = [AESGCM(_derived(secret, _PURPOSE)) for secret in secrets]
        self._digest_keys = [_derived(secret, _DIGEST_PURPOSE) for secret in secrets]

    def seal(self, value: bytes, *, about: str) -> bytes:
        """`value`, unreadable; only the same `about` opens it."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, value, about.encode())

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """What was sealed. Raises `SealBroken`."""
        for cipher in self._ciphers:
            if (value := _opened(cipher, sealed, about)) is not None:
                return value
        raise SealBroken("a sealed value does not open: DATA_ENCRYPTION_KEY")

    def sealed_anew(self, sealed: bytes, *, about: str) -> bytes | None:
        """The same under the first key, None where it is already. Raises `SealBroken`."""
        if _opened(self._ciphers[0], sealed, about) is not None:
            return None
        return self.seal(self.open(sealed, about=about), about=about)

    def digest(self, value: bytes) -> bytes:
        """What tells `value` from others, and nothing else to who has no key: HMAC-SHA256."""
        return hmac.digest(self._digest_keys[0], value, "sha256")

    def is_digest(self, digest: bytes, value: bytes) -> bool:
        """Whether it is the one of `value`, by any of the keys."""
        own = (hmac.digest(key, value, "sha256") for key in self._digest_keys)
        return any(hmac.compare_digest(one, digest) for one in own)


def _opened(cipher: AESGCM, sealed: bytes, about: str) -> bytes | None:
    nonce, encrypted = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return cipher.decrypt(nonce, encrypted, about.encode())
    except (InvalidTag, ValueError):
        return None


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=purpose).derive(secret)
