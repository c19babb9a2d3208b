"""The token that a development server hands to its own page."""

from datetime import UTC, datetime

import jwt

from control_api.access.local_owner import LIFE, owner_token
from core.setting_groups import AuthSettings

SECRET = "a-secret-for-tests-only-32-bytes-or-more"
TENANT = "5f0c1c1e-6f0e-4f2b-9d2c-2f0b1f1f3a10"
NOW = datetime.now(UTC).replace(microsecond=0)


def settings(**given: str) -> AuthSettings:
    return AuthSettings.model_validate(given)


def test_it_is_an_owners_and_says_what_the_api_asks_of_every_token() -> None:
    auth = settings(AUTH_JWT_SECRET=SECRET, AUTH_JWT_ISSUER="us", AUTH_JWT_AUDIENCE="vaarta")
    token = owner_token(auth, TENANT, NOW)
    assert token is not None
    claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer="us", audience="vaarta")
    assert (claims["tenant_id"], claims["role"]) == (TENANT, "owner")
    assert claims["exp"] == (NOW + LIFE).timestamp()


def test_there_is_none_without_a_tenant_or_where_another_signs() -> None:
    assert owner_token(settings(AUTH_JWT_SECRET=SECRET), "", NOW) is None
    elsewhere = settings(AUTH_JWKS_URL="https://id.example.com/keys")
    assert owner_token(elsewhere, TENANT, NOW) is None
