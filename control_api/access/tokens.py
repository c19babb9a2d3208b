"""Whom a person's token is about.

A signature takes longer to verify than most of what is asked for, and a token comes often: one that
was found good is remembered, by its hash, and holds until it ends or the key that it was verified
with is not the one of its id any more.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import jwt

from control_api.access.jwks import KeySet, algorithm_of
from control_api.request.errors import ApiError, ErrorCode, unauthenticated
from control_api.request.fields import UNSTORABLE
from core.rights import Role
from core.setting_groups import AuthSettings
from store.records import TenantId

_CLAIMS: Final = ["exp", "tenant_id", "role"]
_LONGEST_SUBJECT: Final = 255
MOST_REMEMBERED: Final = 4096
"""Tokens, some 2 MB of them; the one that was not seen for longest is forgotten for the next."""


@dataclass(frozen=True, slots=True)
class Person:
    """What a token says. `role` is None for one that there is not; `until`: when it ends, in
    seconds since 1970."""

    tenant_id: TenantId
    subject: str
    role: Role | None
    until: int


@dataclass(frozen=True, slots=True)
class _Verified:
    person: Person
    key_id: str | None
    key: jwt.PyJWK | None


class Tokens:
    """Verifies JWTs with the secret of the settings, or an identity provider's keys."""

    def __init__(
        self,
        settings: AuthSettings,
        key_set: KeySet | None,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._key_set = key_set
        self._now = now
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    async def read(self, token: str) -> Person:
        """Whom it is about. Raises `ApiError`: 401, or 503 when the provider never answered."""
        digest = hashlib.sha256(token.encode()).digest()
        verified = self._verified.get(digest)
        if verified is None or verified.key is not await self._key(verified.key_id):
            verified = await self._verify(token)
            self._remember(digest, verified)
        elif verified.person.until <= self._now():
            raise _expired()
        else:
            self._verified.move_to_end(digest)
        return verified.person

    async def _verify(self, token: str) -> _Verified:
        try:
            key_id = None
            if self._key_set is not None:
                key_id = jwt.get_unverified_header(token).get("kid")
            key = await self._key(key_id)
            claims = self._decode(token, *self._verifier(key))
        except jwt.ExpiredSignatureError:
            raise _expired() from None
        # A hostile token may also hold numbers and nesting that the decoder stumbles over.
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            raise unauthenticated("The token is not valid.") from None
        return _Verified(_person(claims), key_id, key)

    def _remember(self, digest: bytes, verified: _Verified) -> None:
        self._verified[digest] = verified
        self._verified.move_to_end(digest)
        if len(self._verified) > MOST_REMEMBERED:
            self._verified.popitem(last=False)

    async def _key(self, key_id: str | None) -> jwt.PyJWK | None:
        """The provider's of that id, another object whenever it was fetched anew; None where the
        secret verifies, or the provider has none such."""
        return None if self._key_set is None else await self._key_set.find(key_id)

    def _verifier(self, key: jwt.PyJWK | None) -> tuple[Any, str]:
        """The key and the one algorithm it is for: the token's own `alg` chooses nothing."""
        if self._key_set is None:
            return self._settings.jwt_secret.get_secret_value(), "HS256"
        algorithm = None if key is None else algorithm_of(key)
        if key is None or algorithm is None:
            raise jwt.InvalidKeyError("no such key")
        return key.key, algorithm

    def _decode(self, token: str, key: Any, algorithm: str) -> Mapping[str, Any]:
        settings = self._settings
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=settings.jwt_issuer or None,
            audience=settings.jwt_audience or None,
            options={
                "require": [
                    *_CLAIMS,
                    *(["iss"] if settings.jwt_issuer else []),
                    *(["aud"] if settings.jwt_audience else []),
                ],
                "verify_aud": bool(settings.jwt_audience),
                # A clock that is a second behind the issuer's is no reason to refuse.
                "verify_iat": False,
            },
        )
        return claims


def _expired() -> ApiError:
    return ApiError(ErrorCode.TOKEN_EXPIRED, "The token has expired.")


def _person(claims: Mapping[str, Any]) -> Person:
    try:
        tenant_id = TenantId(UUID(claims["tenant_id"]))
    except (TypeError, ValueError, AttributeError):
        raise unauthenticated("The token's tenant_id is no UUID.") from None
    subject = UNSTORABLE.sub("", str(claims.get("sub", "")))[:_LONGEST_SUBJECT]
    role = Role(claims["role"]) if claims["role"] in list(Role) else None
    return Person(tenant_id, subject, role, int(claims["exp"]))
