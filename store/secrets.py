"""Signing secrets: made, sealed for the database, shown once, masked afterwards."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from core.signing import SECRET_MARK
from store.sealing import SealBroken, Sealer

_RANDOM_BYTES: Final = 32
_SHOWN_CHARACTERS: Final = 4


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A new secret, and what the database keeps of it."""

    plaintext: str = field(repr=False)
    sealed: bytes


class SecretBox:
    """Makes and opens secrets; `owner` is the endpoint, or the tenant of a default secret."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def make(self, owner: UUID) -> SealedSecret:
        """A new secret of `owner`."""
        random = base64.b64encode(secrets.token_bytes(_RANDOM_BYTES)).decode()
        plaintext = SECRET_MARK + random
        return SealedSecret(
            plaintext, self._sealer.seal(plaintext.encode(), about=about_secret(owner))
        )

    def open(self, sealed: bytes, owner: UUID) -> str:
        """The plaintext. Raises `SealBroken`."""
        return self._sealer.open(sealed, about=about_secret(owner)).decode()

    def signing(self, sealed: bytes, previous: bytes | None, owner: UUID) -> Sequence[str]:
        """What signs: the present secret, then the one before it where that still counts and can
        be opened. Raises `SealBroken` for the present one."""
        present = self.open(sealed, owner)
        if previous is None:
            return [present]
        try:
            return [present, self.open(previous, owner)]
        except SealBroken:
            return [present]


def about_secret(owner: UUID) -> str:
    """What a secret is sealed about."""
    return str(owner)


def masked(plaintext: str) -> str:
    """Enough of a secret to tell it from another one."""
    return f"{SECRET_MARK}…{plaintext[-_SHOWN_CHARACTERS:]}"
