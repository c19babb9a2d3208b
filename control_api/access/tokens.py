"""Whom a person's token is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import jwt

from control_api.access.jwks import KeySet, algorithm_of
from control_api.request.errors import ApiError, ErrorCode, unauthenticated
from core.rights import Role
from core.setting_groups import AuthSettings
from store.records import TenantId

_CLAIMS: Final = ["exp", "tenant_id", "role"]
_LONGEST_SUBJECT: Final = 255


@dataclass(frozen=True, slots=True)
class Person:
    """What a token says. `role` is None for one that there is not; `until`: when it ends, in
    seconds since 1970."""

    tenant_id: TenantId
    subject: str
    role: Role | None
    until: int


class Tokens:
    """Verifies JWTs with the secret of the settings, or an identity provider's keys."""

    def __init__(self, settings: AuthSettings, key_set: KeySet | None) -> None:
        self._settings = settings
        self._key_set = key_set

    async def read(self, token: str) -> Person:
        """Whom it is about. Raises `ApiError`: 401, or 503 when the provider never answered."""
        try:
            key, algorithm = await self._verification_key(token)
            claims = self._decode(token, key, algorithm)
        except jwt.ExpiredSignatureError:
            raise ApiError(ErrorCode.TOKEN_EXPIRED, "The token has expired.") from None
        # A hostile token may also hold numbers and nesting that the decoder stumbles over.
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            raise unauthenticated("The token is not valid.") from None
        return _person(claims)

    async def _verification_key(self, token: str) -> tuple[Any, str]:
        """The key and the one algorithm it is for: the token's own `alg` chooses nothing."""
        if self._key_set is None:
            return self._settings.jwt_secret.get_secret_value(), "HS256"
        key_id = jwt.get_unverified_header(token).get("kid")
        key = await self._key_set.find(key_id)
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


def _person(claims: Mapping[str, Any]) -> Person:
    try:
        tenant_id = TenantId(UUID(claims["tenant_id"]))
    except (TypeError, ValueError, AttributeError):
        raise unauthenticated("The token's tenant_id is no UUID.") from None
    subject = str(claims.get("sub", ""))[:_LONGEST_SUBJECT].replace("\0", "")
    role = Role(claims["role"]) if claims["role"] in list(Role) else None
    return Person(tenant_id, subject, role, int(claims["exp"]))
