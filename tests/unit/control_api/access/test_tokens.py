"""Whom a token is about, and for how long that is remembered."""

import time
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from control_api.access import tokens
from control_api.access.jwks import KeySet
from control_api.access.tokens import Tokens
from control_api.request.errors import ApiError
from core.rights import Role
from core.setting_groups import AuthSettings

SECRET = "a-secret-of-a-unit-test-of-thirty-two-bytes-or-more"
LASTS_S = 3600


class Clock:
    """Stands where it was put."""

    def __init__(self) -> None:
        self.at = time.time()

    def __call__(self) -> float:
        return self.at


class ProvidersKeys(KeySet):
    """What an identity provider has right now, without the way there."""

    def __init__(self, **keys: ec.EllipticCurvePrivateKey) -> None:
        self.put(**keys)

    def put(self, **keys: ec.EllipticCurvePrivateKey) -> None:
        """As if fetched anew."""
        self._held = {kid: _public(key) for kid, key in keys.items()}

    async def find(self, key_id: str | None) -> jwt.PyJWK | None:
        return self._held.get(str(key_id))


def _public(key: ec.EllipticCurvePrivateKey) -> jwt.PyJWK:
    return jwt.PyJWK(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def by_secret(clock: Clock) -> Tokens:
    return Tokens(AuthSettings(jwt_secret=SecretStr(SECRET)), None, now=clock)


@pytest.fixture
def n_verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens whose signature was looked at."""
    seen: list[str] = []
    decode = jwt.decode

    def counted(token: str, *args: Any, **options: Any) -> Any:
        seen.append(token)
        return decode(token, *args, **options)

    monkeypatch.setattr(jwt, "decode", counted)
    return seen


def claims(**own: object) -> dict[str, object]:
    exp = int(time.time()) + LASTS_S
    return {"sub": "asha", "tenant_id": str(uuid4()), "role": "owner", "exp": exp, **own}


def signed(**own: object) -> str:
    return jwt.encode(claims(**own), SECRET)


async def refused(reader: Tokens, token: str) -> str:
    with pytest.raises(ApiError) as caught:
        await reader.read(token)
    return str(caught.value.code)


async def test_a_token_that_comes_again_is_not_verified_again(
    by_secret: Tokens, n_verified: list[str]
) -> None:
    token = signed()
    first, again = await by_secret.read(token), await by_secret.read(token)
    assert first == again
    assert (first.subject, first.role) == ("asha", Role.OWNER)
    assert n_verified == [token]


async def test_a_remembered_token_ends_in_the_second_that_it_names(
    by_secret: Tokens, clock: Clock
) -> None:
    token = signed()
    until = (await by_secret.read(token)).until
    clock.at = until - 0.001
    await by_secret.read(token)
    clock.at = until
    assert await refused(by_secret, token) == "token_expired"


@pytest.mark.parametrize("subject", ["as\0ha", "as\ud800ha", "\udfffasha\0"])
async def test_a_subject_holds_nothing_that_cannot_be_written_down(
    by_secret: Tokens, subject: str
) -> None:
    assert (await by_secret.read(signed(sub=subject))).subject == "asha"


async def test_a_remembered_token_lends_nothing_to_one_that_is_nearly_it(by_secret: Tokens) -> None:
    token = signed()
    await by_secret.read(token)
    head, body, signature = token.split(".")
    changed = "A" if signature[0] != "A" else "B"
    assert await refused(by_secret, f"{head}.{body}.{changed}{signature[1:]}") == "invalid_api_key"


async def test_what_was_refused_is_looked_at_each_time(
    by_secret: Tokens, n_verified: list[str]
) -> None:
    token = jwt.encode(claims(), SECRET[::-1])
    assert [await refused(by_secret, token) for _ in range(2)] == ["invalid_api_key"] * 2
    assert len(n_verified) == 2


async def test_the_token_that_was_not_seen_for_longest_is_forgotten(
    by_secret: Tokens, n_verified: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST_REMEMBERED", 2)
    first, second, third = (signed(sub=one) for one in "abc")
    for token in (first, second, first, third):
        await by_secret.read(token)
    n_verified.clear()
    for token in (first, third, second):
        await by_secret.read(token)
    assert n_verified == [second]


async def test_a_remembered_token_is_verified_anew_with_the_providers_new_keys() -> None:
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    keys = ProvidersKeys(old=key)
    reader = Tokens(AuthSettings(jwks_url="https://id.example/keys"), keys)
    token = jwt.encode(claims(), key, algorithm="ES256", headers={"kid": "old"})
    person = await reader.read(token)

    keys.put(old=key, new=other)
    assert await reader.read(token) == person
    keys.put(old=other)
    assert await refused(reader, token) == "invalid_api_key"
    keys.put(new=other)
    assert await refused(reader, token) == "invalid_api_key"
