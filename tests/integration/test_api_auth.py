"""Who may call the API, and how it says no."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
import pytest_asyncio
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.integration.api import JWT_SECRET, SESSIONS, Api, running_api

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAST = datetime.now(UTC) - timedelta(hours=1)


def b64(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def as_bearer(api: Api, bearer: str, method: str = "GET", **options: Any) -> tuple[int, str]:
    options["headers"] = {"Authorization": f"Bearer {bearer}", **options.pop("headers", {})}
    answer = await api.send(method, SESSIONS, **options)
    return answer.status, "" if answer.status < 400 else answer.code


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "cm_live_x",
        "Bearer cm_",
        "Bearer cm_live_" + "a" * 43,
        "Bearer cm_live_" + "a" * 4000,
        "Bearer cm_live_ñandú",
        "Bearer a b",
        "Bearer x.y.z",
        "Bearer ..",
        "Bearer " + "a." * 3000,
    ],
)
async def test_a_missing_or_malformed_credential_is_refused(api: Api, header: str | None) -> None:
    answer = await api.get(SESSIONS, headers={"Authorization": header})

    assert (answer.status, answer.code) == (401, "invalid_api_key")
    assert answer.json["error"]["type"] == "authentication_error"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_the_scheme_is_read_in_any_case(api: Api) -> None:
    answer = await api.get(SESSIONS, headers={"Authorization": f"bearer  {api.key}"})

    assert answer.status == 200


async def test_a_key_that_was_switched_off_is_refused(api: Api) -> None:
    async with api.database.connection() as connection:
        await connection.execute(
            "UPDATE api_keys SET is_active = false WHERE tenant_id = $1", api.tenant_id
        )

    assert await as_bearer(api, api.key) == (401, "invalid_api_key")


async def test_an_expired_key_is_told_so(api: Api) -> None:
    expired = await api.new_key(expires_at=PAST)

    assert await as_bearer(api, expired) == (401, "api_key_expired")


@pytest.mark.parametrize("permissions", ["stt,tts", "llm", "", "search,image"])
async def test_creating_and_deleting_need_all_three_permissions(api: Api, permissions: str) -> None:
    key = await api.new_key(permissions=permissions)
    session = (await api.create()).json["id"]

    refused = await api.send(
        "POST", SESSIONS, data=b"{", headers={"Authorization": f"Bearer {key}"}
    )
    assert (refused.status, refused.code) == (403, "permission_denied")
    lacking = {"stt", "tts", "llm"} - set(permissions.split(","))
    assert all(one in refused.json["error"]["message"] for one in lacking)
    deleted = await api.send(
        "DELETE", f"{SESSIONS}/{session}", headers={"Authorization": f"Bearer {key}"}
    )
    assert deleted.status == 403
    assert await as_bearer(api, key) == (200, "")


async def test_a_key_for_one_page_is_refused_to_another(api: Api) -> None:
    key = await api.new_key(allowed_domains="shop.example")

    assert await as_bearer(api, key) == (200, "")
    assert await as_bearer(api, key, headers={"Origin": "https://shop.example"}) == (200, "")
    refused = (403, "domain_not_allowed")
    assert await as_bearer(api, key, headers={"Origin": "https://evil.example"}) == refused
    assert await as_bearer(api, key, headers={"Origin": "null"}) == refused


@pytest.mark.parametrize("role", ["owner", "admin", "agent"])
async def test_every_role_may_create_read_and_end_sessions(api: Api, role: str) -> None:
    headers = {"Authorization": f"Bearer {api.token(role=role)}"}

    created = await api.send("POST", SESSIONS, json={}, headers=headers)
    path = f"{SESSIONS}/{created.json['id']}"

    assert created.status == 201
    assert (await api.get(path, headers=headers)).status == 200
    assert (await api.send("DELETE", path, headers=headers)).status == 204


@pytest.mark.parametrize(
    ("claims", "status", "code"),
    [
        ({"exp": PAST}, 401, "token_expired"),
        ({"exp": None}, 401, "invalid_api_key"),
        ({"exp": "soon"}, 401, "invalid_api_key"),
        ({"exp": float("inf")}, 401, "invalid_api_key"),
        ({"nbf": datetime.now(UTC) + timedelta(hours=1)}, 401, "invalid_api_key"),
        ({"tenant_id": None}, 401, "invalid_api_key"),
        ({"tenant_id": "mine"}, 401, "invalid_api_key"),
        ({"tenant_id": 7}, 401, "invalid_api_key"),
        ({"tenant_id": str(uuid4())}, 401, "invalid_api_key"),
        ({"role": None}, 401, "invalid_api_key"),
        ({"role": "visitor"}, 403, "permission_denied"),
        ({"role": ["owner"]}, 403, "permission_denied"),
        ({"iat": datetime.now(UTC) + timedelta(seconds=3)}, 200, ""),
    ],
)
async def test_a_tokens_claims_decide(
    api: Api, claims: dict[str, Any], status: int, code: str
) -> None:
    assert await as_bearer(api, api.token(**claims)) == (status, code)


async def test_a_signature_counts_only_with_our_secret_and_our_algorithm(api: Api) -> None:
    good = jwt.decode(api.token(), JWT_SECRET, algorithms=["HS256"])
    unsigned = f"{b64({'alg': 'none', 'typ': 'JWT'})}.{b64(good)}."
    nested = f"{b64(b'[' * 4000)}.{b64(good)}.AAAA"
    deep_header = b'{"alg":"HS256","x":' + b"[" * 1500 + b"]" * 1500 + b"}"
    forged = [
        jwt.encode(good, "another-secret-that-is-long-enough-00"),
        jwt.encode(good, JWT_SECRET + "0" * 64, algorithm="HS512"),
        jwt.encode(good, rsa.generate_private_key(65537, 2048), algorithm="RS256"),
        unsigned,
        nested,
        f"{b64(deep_header)}.{b64(good)}.AAAA",
        f"{b64({'alg': 'HS256', 'crit': ['x'], 'x': 1})}.{b64(good)}.AAAA",
        f"{b64({'alg': ['HS256']})}.{b64(good)}.AAAA",
        f"{b64([])}.{b64(good)}.AAAA",
    ]

    assert {await as_bearer(api, token) for token in forged} == {(401, "invalid_api_key")}


async def test_issuer_and_audience_are_required_once_they_are_set(
    api_env: dict[str, str],
) -> None:
    named = {"AUTH_JWT_ISSUER": "https://id.example", "AUTH_JWT_AUDIENCE": "vaarta"}
    async with running_api({**api_env, **named}) as api:
        right = {"iss": "https://id.example", "aud": "vaarta"}
        refused = (401, "invalid_api_key")

        assert await as_bearer(api, api.token(**right)) == (200, "")
        assert await as_bearer(api, api.token(iss=right["iss"])) == refused
        assert await as_bearer(api, api.token(aud=right["aud"])) == refused
        assert await as_bearer(api, api.token(**{**right, "aud": "other"})) == refused
        assert await as_bearer(api, api.token(**{**right, "iss": "other"})) == refused


async def test_an_audience_nobody_asked_for_does_no_harm(api: Api) -> None:
    assert await as_bearer(api, api.token(aud="somebody")) == (200, "")


class IdentityProvider:
    """A JWKS endpoint with an RSA and an EC key, that can be made to fail."""

    def __init__(self) -> None:
        self.rsa = rsa.generate_private_key(65537, 2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.is_away = False
        self.requests = 0
        self.url = ""

    async def answer(self, _request: web.Request) -> web.Response:
        self.requests += 1
        if self.is_away:
            return web.Response(status=500)
        rsa_key = jwt.algorithms.RSAAlgorithm.to_jwk(self.rsa.public_key(), as_dict=True)
        ec_key = jwt.algorithms.ECAlgorithm.to_jwk(self.ec.public_key(), as_dict=True)
        return web.json_response(
            {"keys": [{**rsa_key, "kid": "r", "use": "sig"}, {**ec_key, "kid": "e"}]}
        )


@pytest_asyncio.fixture(loop_scope="session")
async def provider() -> AsyncIterator[IdentityProvider]:
    provider = IdentityProvider()
    app = web.Application()
    app.router.add_get("/keys", provider.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}/keys"
    yield provider
    await runner.cleanup()


async def test_a_providers_keys_verify_their_own_algorithms(
    api_env: dict[str, str], provider: IdentityProvider
) -> None:
    env = {**api_env, "AUTH_JWKS_URL": provider.url}
    del env["AUTH_JWT_SECRET"]
    async with running_api(env) as api:
        claims = jwt.decode(api.token(), JWT_SECRET, algorithms=["HS256"])
        signed = [
            jwt.encode(claims, provider.rsa, algorithm="RS256", headers={"kid": "r"}),
            jwt.encode(claims, provider.ec, algorithm="ES256", headers={"kid": "e"}),
        ]
        refused = [
            jwt.encode(claims, provider.rsa, algorithm="RS512", headers={"kid": "r"}),
            jwt.encode(claims, provider.rsa, algorithm="RS256", headers={"kid": "e"}),
            jwt.encode(claims, provider.rsa, algorithm="RS256", headers={"kid": "unknown"}),
            jwt.encode(claims, provider.rsa, algorithm="RS256"),
            jwt.encode(claims, JWT_SECRET, headers={"kid": "r"}),
        ]

        assert [await as_bearer(api, token) for token in signed] == [(200, "")] * 2
        answers = {await as_bearer(api, token) for token in refused}
        assert answers == {(401, "invalid_api_key")}
        assert provider.requests == 1


async def test_a_provider_that_never_answered_is_a_503(
    api_env: dict[str, str], provider: IdentityProvider
) -> None:
    provider.is_away = True
    env = {**api_env, "AUTH_JWKS_URL": provider.url}
    del env["AUTH_JWT_SECRET"]
    async with running_api(env) as api:
        assert await as_bearer(api, api.token()) == (503, "service_unavailable")
        assert await as_bearer(api, api.key) == (200, "")
