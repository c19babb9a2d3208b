"""What a create refuses, in which order, and that it leaves nothing behind."""

import gzip
import io
import json
import zlib
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.api import SESSIONS, Answer, Api

pytestmark = pytest.mark.asyncio(loop_scope="session")

JSON = {"Content-Type": "application/json"}
MIB = 1024 * 1024


async def post(api: Api, data: Any, **headers: str | None) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(data, bytes):
        data = io.BytesIO(data)  # aiohttp warns of large bytes
    return await api.send("POST", SESSIONS, data=data, headers={**JSON, **named})


async def refused(api: Api, answer: Answer) -> tuple[int, str]:
    assert await api.row_count() == 0
    assert answer.json["error"]["request_id"] == answer.headers["X-Request-Id"]
    return answer.status, answer.code


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b'{"max_duration_seconds": NaN}', 400, "invalid_json"),
        (b'{"voice": "\xff"}', 400, "invalid_json"),
        (b'{"voice": "a", "voice": "b"}', 400, "invalid_json"),
        (b"[" * 10_000, 400, "invalid_json"),
        (b"9" * 10_000, 400, "invalid_json"),
        (b"[]", 422, "validation_error"),
        (b"null", 422, "validation_error"),
        (b"5", 422, "validation_error"),
        (b'"\\ud800"', 422, "validation_error"),
        (b'{"system_prompt": "\\u0000"}', 422, "validation_error"),
        (b'{"greeting": "\\udc00"}', 422, "validation_error"),
        (b'{"variables": {"\\ud800": 1}}', 422, "validation_error"),
        (b'{"system_prompt": "{{shop}}"}', 422, "validation_error"),
        (b'{"llm_model": "gpt-2"}', 422, "model_not_found"),
        (b'{"llm_model": ""}', 422, "model_not_found"),
        (b'{"llm_model": "kimi-k2.5-fast"}', 503, "model_under_maintenance"),
        (b'{"webhook_url": "ftp://example.com"}', 400, "invalid_webhook_url"),
        (b'{"webhook_url": "example.com"}', 400, "invalid_webhook_url"),
        (b'{"webhook_url": "http://"}', 400, "invalid_webhook_url"),
        (b'{"webhook_url": "http://[::1"}', 400, "invalid_webhook_url"),
        (b'{"webhook_url": "http://a:99999/"}', 400, "invalid_webhook_url"),
        (b'{"webhook_url": "http://a/ b"}', 400, "invalid_webhook_url"),
        (b'{"webhook_url": ""}', 400, "invalid_webhook_url"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_bad_body_is_refused(api: Api, data: bytes, status: int, code: str) -> None:
    assert await refused(api, await post(api, data)) == (status, code)


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/jsonx", "application/json; charset=utf-16", "a", ";;"],
)
async def test_another_content_type_is_refused(api: Api, content_type: str | None) -> None:
    answer = await post(api, b"{}", Content_Type=content_type)

    assert await refused(api, answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
async def test_the_type_may_name_its_charset(api: Api, content_type: str) -> None:
    assert (await post(api, b"{}", Content_Type=content_type)).status == 201


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        (b" " * (MIB + 1), {}),
        (gzip.compress(b" " * (MIB + 1)), {"Content_Encoding": "gzip"}),
        (gzip.compress(b"\0" * 200 * MIB, 9), {"Content_Encoding": "gzip"}),
        (zlib.compress(b" " * (MIB + 1)), {"Content_Encoding": "deflate"}),
        (b" " * (MIB + 1), {"Content_Type": "text/plain"}),
    ],
    ids=["plain", "gzip", "bomb", "deflate", "size before type"],
)
async def test_a_body_over_a_mebibyte_is_refused(
    api: Api, data: bytes, headers: dict[str, str]
) -> None:
    assert await refused(api, await post(api, data, **headers)) == (413, "request_too_large")


async def test_a_chunked_body_over_a_mebibyte_is_refused(api: Api) -> None:
    async def chunks() -> Any:
        for _ in range(20):
            yield b" " * (MIB // 16)

    assert await refused(api, await post(api, chunks())) == (413, "request_too_large")


async def test_the_largest_body_is_read(api: Api) -> None:
    body = json.dumps({"ignored": "x" * (MIB - 15)}).encode()
    assert len(body) == MIB

    assert (await post(api, body)).status == 201


async def test_a_packed_body_is_read(api: Api) -> None:
    answer = await post(api, gzip.compress(b'{"voice": "priya"}'), Content_Encoding="gzip")

    assert answer.json["config"]["voice"] == "priya"


async def test_a_broken_packing_is_invalid(api: Api) -> None:
    answer = await post(api, b"not gzip", Content_Encoding="gzip")

    assert await refused(api, answer) == (400, "invalid_json")


async def test_no_bot_is_known_yet(api: Api) -> None:
    answer = await api.create(bot_id=str(uuid4()), llm_model="gpt-2")

    assert await refused(api, answer) == (404, "not_found")
    assert answer.json["error"]["param"] == "bot_id"


async def test_each_check_comes_before_the_next(api: Api) -> None:
    """Every request is wrong in all the ways that its successors are."""
    limited = await api.new_key(permissions="stt", allowed_domains="shop.example")
    elsewhere = await api.new_key(allowed_domains="shop.example")
    huge = b"{" + b" " * MIB
    origin = {"Origin": "https://evil.example", "Content_Type": "text/plain"}
    wrong = {"bot_id": str(uuid4()), "llm_model": "gpt-2", "webhook_url": "x"}
    invalid = json.dumps({"voice": 5, **wrong})
    without_bot = {name: wrong[name] for name in ("llm_model", "webhook_url")}
    answers = [
        await post(api, huge, Authorization="Bearer cm_x", **origin),
        await post(api, huge, Authorization=f"Bearer {limited}", **origin),
        await post(api, huge, Authorization=f"Bearer {elsewhere}", **origin),
        await post(api, huge, Content_Type="text/plain"),
        await post(api, b"{", Content_Type="text/plain"),
        await post(api, b"{"),
        await post(api, invalid),
        await api.create(**wrong),
        await api.create(**without_bot),
        await api.create(webhook_url="x"),
    ]

    assert [answer.code for answer in answers] == [
        "invalid_api_key",
        "permission_denied",
        "domain_not_allowed",
        "request_too_large",
        "unsupported_media_type",
        "invalid_json",
        "validation_error",
        "not_found",
        "model_not_found",
        "invalid_webhook_url",
    ]
    assert await api.row_count() == 0


async def test_metadata_comes_back_as_it_went(api: Api) -> None:
    metadata = {"नाम": "आशा", "n": [1, 1.5, -0.25, 10**30, True, None], "o": {"😀": ""}}

    created = (await api.create(metadata=metadata)).json

    assert created["metadata"] == metadata
    assert (await api.get(f"{SESSIONS}/{created['id']}")).json["metadata"] == metadata


async def test_deep_metadata_is_kept(api: Api) -> None:
    nested: dict[str, Any] = {}
    for _ in range(240):
        nested = {"a": nested}

    created = await api.create(metadata=nested)

    assert created.status == 201
    assert (await api.get(f"{SESSIONS}/{created.json['id']}")).json["metadata"] == nested


async def test_a_substitution_is_stored_with_the_session(api: Api) -> None:
    created = (await api.create(voice="amelia", language="hi-IN")).json

    read = (await api.get(f"{SESSIONS}/{created['id']}")).json

    assert list(read["config"]["substitutions"][0]) == ["field", "requested", "served", "reason"]
    assert read["config"] == created["config"]


async def test_what_a_caller_wrote_is_not_logged(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    secret = "a-very-private-prompt"

    await api.create(system_prompt=secret, greeting=secret, metadata={"note": secret})
    await api.create(system_prompt=[secret], voice=secret * 50)

    logged = "\n".join(str(vars(record)) for record in caplog.records)
    assert "request.answered" in logged
    assert secret not in logged
    assert api.key not in logged
