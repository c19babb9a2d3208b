"""Calls of tools over real sockets: what the tool gets, and what the model is told of it."""

import asyncio
import gzip
import hashlib
import hmac
import json
import logging
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from agent.equipment.http_tools import HttpTools
from core.errors import StoreUnavailable
from core.setting_groups import WebhookSettings
from core.signing import signed_headers
from pipeline.ports import Outcome, ToolResult
from store.records import NewSession, SessionId, SessionRecord, TenantId
from store.sealing import Sealer
from store.tools import ToolRecord, seal_headers
from tests.eventually import eventually
from tests.integration.receiver import Received, Receiver, running_receiver

TENANT = TenantId(uuid4())
SEALER = Sealer(SecretStr("a key of thirty-two bytes or more"))
SECRET = "whsec_c2l4dGVlbiBieXRlcyBvciBtb3JlIG9mIGl0"
TOKEN = "Bearer a-token-that-nothing-may-show"
SCHEMA = {
    "type": "object",
    "properties": {"people": {"type": "integer", "minimum": 1}},
    "required": ["people"],
}


class Signer:
    """Signs with a secret of the test's own."""

    async def headers(
        self, event: str, request_id: UUID, body: bytes, *, at: datetime
    ) -> dict[str, str]:
        return signed_headers(event, request_id, body, secrets=[SECRET], at=at)


class LostSigner:
    """Cannot read its secret."""

    async def headers(
        self, event: str, request_id: UUID, body: bytes, *, at: datetime
    ) -> dict[str, str]:
        raise StoreUnavailable("away")


def record(url: str, *, timeout_s: float = 5.0, tenant: TenantId = TENANT) -> ToolRecord:
    return ToolRecord(
        name="book_table",
        description="Books a table.",
        parameters=json.dumps(SCHEMA),
        url=url,
        timeout_s=timeout_s,
        wait_line="",
        header_names=("Authorization",),
        sealed_headers=seal_headers(SEALER, tenant, {"Authorization": TOKEN}),
    )


def session(tools: Sequence[ToolRecord]) -> SessionRecord:
    config = {"tools": [tool.to_json() for tool in tools]}
    new = NewSession(SessionId(uuid4()), TENANT, config, "voice-1")
    return new.created(datetime.fromisoformat("2026-01-01T00:00:00Z"))


def ignore() -> None:
    """Nobody keeps what a call does."""


@asynccontextmanager
async def tools_at(
    url: str, *, allow_private: bool = True, signer: Any = None, **fields: Any
) -> AsyncIterator[HttpTools]:
    settings = WebhookSettings(allow_private=allow_private)
    held = session([record(url, **fields)])
    async with HttpTools.opened(settings, SEALER, held, signer or Signer(), ignore) as tools:
        yield tools


async def called(url: str, arguments: Any = None, **options: Any) -> ToolResult:
    async with tools_at(url, **options) as tools:
        return await tools.run("book_table", arguments or {"people": 2})


async def book(url: str, arguments: Any = None, **options: Any) -> str:
    return (await called(url, arguments, **options)).text


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's TLS, vouched for by itself alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(key, SHA256())
    )
    plain_key = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + plain_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def answering(text: str | bytes, **headers: str) -> Any:
    async def behave(_one: Received) -> web.StreamResponse:
        body = text.encode() if isinstance(text, str) else text
        return web.Response(body=body, headers=headers)

    return behave


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with running_receiver() as receiver:
        yield receiver


async def test_a_tool_gets_the_call_signed_and_its_answer_is_the_result(receiver: Receiver) -> None:
    receiver.behaviour = answering('{"table": "by the window"}')

    assert await book(receiver.url) == '{"table": "by the window"}'

    (got,) = receiver.received
    assert (got.json["name"], got.json["arguments"]) == ("book_table", {"people": 2})
    assert UUID(got.json["session_id"])
    assert got.headers["X-CallMissed-Delivery"] == got.json["call_id"]
    assert got.headers["X-CallMissed-Event"] == "tool.call"
    expected = hmac.new(SECRET.encode(), got.body, hashlib.sha256).hexdigest()
    assert got.headers["X-CallMissed-Signature"] == f"sha256={expected}"
    assert got.headers["Authorization"] == TOKEN


async def test_an_empty_answer_is_a_result_too(receiver: Receiver) -> None:
    receiver.behaviour = answering("")
    assert await book(receiver.url) == "Done. The tool gave no further answer."


@pytest.mark.parametrize("status", [404, 500, 400])
async def test_an_error_status_is_told(receiver: Receiver, status: int) -> None:
    receiver.answer(status)
    assert await book(receiver.url) == f"The tool answered with HTTP status {status}."
    assert len(receiver.received) == 1


async def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.redirect(receiver.url.replace("/hook", "/elsewhere"))
    assert await book(receiver.url) == "The tool answered with HTTP status 307."
    assert [one.path for one in receiver.received] == ["/hook"]


async def test_a_tool_that_does_not_answer_is_not_waited_for(receiver: Receiver) -> None:
    receiver.hang()
    result = await book(receiver.url, timeout_s=0.2)
    assert result == "The tool did not answer in time; whether it did anything is not known."


async def test_an_answer_without_end_is_cut_off(receiver: Receiver) -> None:
    receiver.behaviour = answering("x" * (64 * 1024 + 1))
    assert await book(receiver.url) == "The tool answered with more than 64 KiB."


async def test_a_compressed_answer_is_not_inflated(receiver: Receiver) -> None:
    receiver.behaviour = answering(gzip.compress(b"x" * 10_000_000), **{"Content-Encoding": "gzip"})
    assert "compression" in await book(receiver.url)
    assert receiver.received[0].headers["Accept-Encoding"] == "identity"


async def test_a_tool_that_is_not_there_is_told_without_its_address() -> None:
    result = await book("http://127.0.0.1:9/tool?token=secret")
    assert result == "The tool could not be reached."


async def test_a_certificate_that_nobody_vouches_for_ends_the_call(tmp_path: Path) -> None:
    async with running_receiver(tls=self_signed(tmp_path)) as receiver:
        assert receiver.url.startswith("https://")
        assert await book(receiver.url) == "The tool could not be reached."
        assert receiver.received == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_our_own_network_is_not_reached(receiver: Receiver, host: str) -> None:
    url = receiver.url.replace("127.0.0.1", host)
    result = await book(url, allow_private=False)
    assert result == "The tool's address may not be called from here."
    assert receiver.received == []


@pytest.mark.parametrize("arguments", [{"people": "two"}, {"people": 0}, {"seats": 2}])
async def test_arguments_that_the_schema_refuses_are_not_sent(
    receiver: Receiver, arguments: dict[str, Any]
) -> None:
    result = await book(receiver.url, arguments)
    assert result.startswith("The arguments do not fit the tool.")
    assert receiver.received == []


async def test_what_became_of_a_call_is_told_apart(receiver: Receiver) -> None:
    receiver.behaviour = answering("booked")
    assert (await called(receiver.url)).outcome == Outcome.SUCCEEDED
    assert (await called(receiver.url, {"people": 0})).outcome == Outcome.REFUSED
    receiver.answer(500)
    assert (await called(receiver.url)).outcome == Outcome.FAILED
    assert (await called("http://127.0.0.1:9/tool")).outcome == Outcome.FAILED
    receiver.hang()
    assert (await called(receiver.url, timeout_s=0.2)).outcome == Outcome.TIMED_OUT


async def test_headers_of_another_tenant_do_not_open(receiver: Receiver) -> None:
    other = TenantId(uuid4())
    assert await book(receiver.url, tenant=other) == "The tool is not set up properly."
    assert receiver.received == []


async def test_a_call_that_cannot_be_signed_is_not_made(receiver: Receiver) -> None:
    result = await book(receiver.url, signer=LostSigner())
    assert result == "The tool cannot be called at the moment."
    assert receiver.received == []


async def test_a_call_that_is_cancelled_leaves_the_tool(receiver: Receiver) -> None:
    receiver.hang()
    async with tools_at(receiver.url) as tools:
        calling = asyncio.create_task(tools.run("book_table", {"people": 2}))

        async def has_come() -> bool:
            return bool(receiver.received)

        await eventually(has_come, what="the call")
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling


async def test_the_log_tells_the_outcome_and_no_secret(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answer(500)
    with caplog.at_level(logging.DEBUG):
        await book(receiver.url)
    (ended,) = [one for one in caplog.records if one.message == "tool.ended"]
    assert (vars(ended)["tool"], vars(ended)["outcome"]) == ("book_table", "failed")
    written = "".join(str(vars(one)) for one in caplog.records if one.name.startswith("agent"))
    assert TOKEN not in written
    assert receiver.url not in written
    assert TOKEN not in repr(record(receiver.url))


async def test_a_session_without_tools_offers_none() -> None:
    held = session([])
    async with HttpTools.opened(WebhookSettings(), SEALER, held, Signer(), ignore) as tools:
        assert tools.tools == []
