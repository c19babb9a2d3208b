"""HTTP itself: routes, methods, other origins, ids, health, hostile bytes."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from control_api.server import serve
from core.catalog import Catalog
from core.settings import Settings
from tests.eventually import eventually
from tests.integration.api import NOBODYS, SESSIONS, Api, running_api
from tests.servers import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

PREFLIGHT = {
    "Authorization": None,
    "Origin": "https://shop.example",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
}
EXPOSED = (
    "Allow Idempotent-Replayed Retry-After X-Credits-Balance X-Next-Cursor X-RateLimit-Limit "
    "X-RateLimit-Remaining X-RateLimit-Reset X-Request-Id X-Total-Count X-Total-Count-Relation"
)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/v1",
        "/v1/voice/sessions/",
        "/v1/voice/session",
        f"/v1/voice/sessions/{NOBODYS}/",
        f"/v1/voice/sessions/{NOBODYS}/transcript/",
        "/api/v1/voices/",
        "/api/v1/models/",
        "/V1/voice/sessions",
        "/%2e%2e/etc/passwd",
        "/v1/voice/sessions%00",
        "/healthz/",
    ],
)
async def test_an_unknown_path_is_not_found_in_the_envelope(api: Api, path: str) -> None:
    answer = await api.get(path)

    assert (answer.status, answer.code) == (404, "not_found")
    assert answer.json["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", SESSIONS, "GET, HEAD, OPTIONS, POST"),
        ("DELETE", SESSIONS, "GET, HEAD, OPTIONS, POST"),
        ("POST", f"{SESSIONS}/{NOBODYS}", "DELETE, GET, HEAD, OPTIONS"),
        ("PATCH", "/api/v1/voices", "GET, HEAD, OPTIONS"),
        ("TRACE", "/healthz", "GET, HEAD, OPTIONS"),
        ("PROPFIND", "/v1/models", "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(
    api: Api, method: str, path: str, allowed: str
) -> None:
    answer = await api.send(method, path)

    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == allowed


async def test_options_without_an_origin_names_the_methods(api: Api) -> None:
    answer = await api.send("OPTIONS", SESSIONS, headers={"Authorization": None})

    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", [SESSIONS, f"{SESSIONS}/x/transcript", "/api/v1/models", "/v1/x"])
async def test_a_preflight_is_answered(api: Api, path: str) -> None:
    answer = await api.send("OPTIONS", path, headers=PREFLIGHT)

    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    accepted = answer.headers["Access-Control-Allow-Headers"].lower()
    for name in ("authorization", "content-type", "idempotency-key"):
        assert name in accepted
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", SESSIONS, 200), ("POST", SESSIONS, 415), ("GET", "/v1/nothing", 404)],
)
async def test_other_origins_may_read_answers_and_errors(
    api: Api, method: str, path: str, status: int
) -> None:
    answer = await api.send(method, path, headers={"Origin": "https://shop.example"})

    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == ", ".join(EXPOSED.split())


@pytest.mark.parametrize("path", ["/healthz", "/console", "/console/config.json"])
async def test_what_is_no_api_is_not_shared_with_other_origins(api: Api, path: str) -> None:
    answer = await api.get(path, headers={"Origin": "https://shop.example"})
    preflight = await api.send("OPTIONS", path, headers=PREFLIGHT)

    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Origin" not in preflight.headers
    assert "Access-Control-Allow-Methods" not in preflight.headers


async def test_head_answers_wherever_get_does(api: Api) -> None:
    session = (await api.create()).json["id"]
    paths = [SESSIONS, f"{SESSIONS}/{session}", "/api/v1/voices", "/healthz", "/console"]

    for path in [*paths, f"{SESSIONS}/{NOBODYS}", "/nothing"]:
        got, head = await api.get(path), await api.send("HEAD", path)
        assert (head.status, head.body) == (got.status, b"")
        assert head.headers["Content-Type"] == got.headers["Content-Type"]


@pytest.mark.parametrize("given", ["abc-123", "a" * 128, "with space"])
async def test_a_clients_own_request_id_comes_back(api: Api, given: str) -> None:
    answer = await api.get("/v1/nothing", headers={"X-Request-Id": given})

    assert answer.headers["X-Request-Id"] == given
    assert answer.json["error"]["request_id"] == given


@pytest.mark.parametrize("given", [None, "", "a" * 129, "ñ", "a\tb"])
async def test_any_other_request_id_is_replaced(api: Api, given: str | None) -> None:
    first = await api.get("/healthz", headers={"X-Request-Id": given})
    second = await api.get("/healthz", headers={"X-Request-Id": given})

    ids = {first.headers["X-Request-Id"], second.headers["X-Request-Id"]}
    assert len(ids) == 2
    assert given not in ids


async def test_the_process_is_alive_and_ready(api: Api) -> None:
    assert (await api.get("/healthz", headers={"Authorization": None})).status == 200
    ready = await api.get("/readyz", headers={"Authorization": None})

    assert (ready.status, ready.json["status"]) == (200, "ok")


async def test_a_fault_of_ours_shows_no_detail(
    dsn: str, api_env: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    async with running_api({**api_env, "DATABASE_URL": dsn}) as api:
        async with api.database.connection() as connection:
            await connection.execute(
                "ALTER TABLE api_keys RENAME TO hidden_keys;"
                "CREATE VIEW api_keys AS SELECT * FROM hidden_keys WHERE 1 / 0 = 1"
            )

        answer = await api.get(SESSIONS)

    assert (answer.status, answer.code) == (500, "internal_error")
    (failed,) = [record for record in caplog.records if record.message == "request.failed"]
    assert "division by zero" not in answer.body.decode() + str(vars(failed))
    assert vars(failed)["error"] == "StoreRefused"
    assert vars(failed)["reason"] == "DivisionByZeroError (22012)"


async def test_a_database_that_is_not_migrated_yet_is_a_503(
    empty_dsn: str, api_env: dict[str, str]
) -> None:
    settings = Settings.from_env({**api_env, "DATABASE_URL": empty_dsn}, dotenv=None)
    async with serve(settings, Catalog.load()) as at, aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer cm_live_{'x' * 43}"}
        async with http.get(f"http://127.0.0.1:{at.port}{SESSIONS}", headers=headers) as answer:
            assert answer.status == 503
            assert "Retry-After" in answer.headers


@pytest_asyncio.fixture(loop_scope="session")
async def orphan(api_env: dict[str, str]) -> AsyncIterator[str]:
    """The address of an API whose database is away."""
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/vaarta"
    settings = Settings.from_env({**api_env, "DATABASE_URL": away}, dotenv=None)
    async with serve(settings, Catalog.load()) as at:
        yield f"http://127.0.0.1:{at.port}"


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_database_that_is_away_is_a_503(api: Api, orphan: str, method: str) -> None:
    answer = await api.send(method, f"{orphan}{SESSIONS}", json={})

    assert (answer.status, answer.code) == (503, "service_unavailable")
    assert int(answer.headers["Retry-After"]) > 0


async def test_readiness_names_the_part_that_is_away(api: Api, orphan: str) -> None:
    answer = await api.get(f"{orphan}/readyz")

    assert answer.status == 503
    del answer.json["checks"]["listener"]  # it complains as well, in a while
    assert answer.json["checks"] == {
        "database": "unavailable",
        "migrations": "unavailable",
        "livekit": "ok",
        "tasks": "ok",
        "process": "ok",
    }
    assert (await api.get(f"{orphan}/healthz")).status == 200


async def test_metrics_have_a_port_of_their_own(api: Api) -> None:
    await api.get("/v1/voice/sessions/some-id")
    await api.send("PROPFIND", "/v1/invented-by-a-client")

    url = f"http://127.0.0.1:{api.metrics_port}/metrics"
    async with api.http.get(url) as response:
        text = await response.text()

    assert 'route="/v1/voice/sessions/{session_id}",status="404"' in text
    assert 'method="other",route="unmatched"' in text
    assert "invented-by-a-client" not in text
    assert (await api.get("/metrics")).status == 404


async def raw(api: Api, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
    writer.write(data)
    await writer.drain()
    try:
        async with asyncio.timeout(60.0):
            return await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()


def request(head: bytes, body: bytes = b"") -> bytes:
    return head.replace(b"\n", b"\r\n") + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    "data",
    [
        b"\0\1\2\r\n\r\n",
        request(b"GET / HTTP/9.9\nHost: a"),
        request(b"GET /\xff\xfe HTTP/1.1\nHost: a"),
        request(b"GET /v1/models HTTP/1.1\nHost: a\nX: " + b"a" * 100_000),
        request(b"GET /v1/models HTTP/1.1\nHost: a\n" + b"\n".join([b"X: a"] * 5_000)),
        request(b"GET /v1/models HTTP/1.1\nHost: a\nAuthorization: Bearer cm_secret\x01"),
        request(b"POST /v1/voice/sessions HTTP/1.1\nHost: a\nContent-Length: -5"),
        request(b"POST /v1/voice/sessions HTTP/1.1\nHost: a\nContent-Length: 9x"),
        request(b"GET /v1/models HTTP/1.1\nHost: a\nExpect: cm_secret"),
        request(b"GET /nowhere HTTP/1.1\nHost: a\nExpect: cm_secret"),
        request(
            b"POST /v1/voice/sessions HTTP/1.1\nHost: a\nContent-Length: 3\n"
            b"Transfer-Encoding: chunked",
            b"{}x",
        ),
    ],
    ids=lambda data: repr(data[:24]),
)
async def test_what_is_no_http_is_refused_and_not_repeated(
    api: Api, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    answer = await raw(api, data)

    assert answer.split(b" ", 2)[1] in {b"400", b"404"}
    assert b'"request_id"' in answer
    logged = "\n".join(str(vars(record)) for record in caplog.records)
    assert b"cm_secret" not in answer
    assert "cm_secret" not in logged


@pytest.mark.parametrize(
    "head",
    [
        b"GET /v1/models HTTP/1.1\nHost: a\nAuthorization: \xff\xfe",
        b"GET /v1/models HTTP/1.1\nHost: a\nAuthorization: Bearer a\nAuthorization: Bearer b",
        b"GET /v1/models HTTP/1.1\nHost: a\nX-Request-Id: \xc3\x28\nOrigin: \xff",
        b"GET /v1/models?limit=%ff&%00=%00&limit HTTP/1.1\nHost: a",
        b"GET /api/v1/models?limit=%ff HTTP/1.1\nHost: a",
        b"GET /api/v1/models/%c0%ae%c0%ae HTTP/1.1\nHost: a",
        b"GET http://other/v1/models HTTP/1.1\nHost: a",
        b"GET /v1/models HTTP/1.1\nHost: [::1",
        b"GET /console/config.json HTTP/1.1\nHost: [::1",
        b"GET /console/%00 HTTP/1.1\nHost: a",
        b"GET /console/..%2f..%2fpyproject.toml HTTP/1.1\nHost: a",
        b"GET /v1/models HTTP/1.0",
        b"OPTIONS * HTTP/1.1\nHost: a",
        b"OPTIONS /v1/models HTTP/1.1\nHost: a\nOrigin: \xff\n"
        b"Access-Control-Request-Method: \xff\nAccess-Control-Request-Headers: \xff",
        b"POST /v1/voice/sessions HTTP/1.1\nHost: a\nContent-Type: \xff\nContent-Length: 0",
        b"POST /v1/voice/sessions HTTP/1.1\nHost: a\nExpect: \xff\nContent-Length: 0",
        b"POST /v1/voice/sessions HTTP/1.1\nHost: a\nContent-Encoding: \xff\nContent-Length: 0",
        b"POST /v1/voice/sessions HTTP/1.1\nHost: a\nContent-Type: a/b; charset*=x''y; c=\"\n"
        b"Content-Length: 0",
        b"CONNECT a:1 HTTP/1.1\nHost: a",
    ],
    ids=lambda head: repr(head[:60]),
)
async def test_hostile_requests_are_answered_below_500(api: Api, head: bytes) -> None:
    authorised = b"" if b"Authorization" in head else b"\nAuthorization: Bearer " + api.key.encode()

    answer = await raw(api, request(head + authorised + b"\nConnection: close"))

    assert int(answer.split(b" ", 2)[1]) < 500


async def test_a_body_that_ends_early_leaves_nothing(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    head = (
        b"POST /v1/voice/sessions HTTP/1.1\nHost: a\nContent-Type: application/json\n"
        b"Content-Length: 100\nAuthorization: Bearer " + api.key.encode()
    )
    _, writer = await asyncio.open_connection("127.0.0.1", api.port)
    writer.write(request(head, b"{}"))
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    async def is_answered() -> bool:
        return "request.answered" in [record.message for record in caplog.records]

    await eventually(is_answered)
    assert await api.row_count() == 0
    assert "request.failed" not in [record.message for record in caplog.records]
