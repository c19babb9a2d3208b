"""Requests as spans: what a collector is sent, and that one that is not there delays nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from core.metrics import SPANS_LOST
from tests.integration.api import SESSIONS, Api, running_api
from tests.spans_received import Collector, running_collector, values

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROMPT = "Speak of the marzipan submarine to nobody."
HEADER = "a-secret-for-the-collector"


@asynccontextmanager
async def traced_api(env: dict[str, str], url: str, **settings: str) -> AsyncIterator[Api]:
    traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": url, **settings}
    async with running_api({**env, **traced}) as api:
        yield api


def named(collector: Collector, name: str) -> Span:
    (found,) = [span for _, span in collector.spans if span.name == name]
    return found


async def test_each_request_is_one_span_with_its_route_and_its_status(
    api_env: dict[str, str],
) -> None:
    secret = uuid4()
    async with running_collector() as collector:
        async with traced_api(api_env, collector.url) as api:
            await api.create(system_prompt=PROMPT)
            await api.get(f"{SESSIONS}/{uuid4()}?said={secret}")
            await api.send("PROPFIND", f"/{secret}")
        created = named(collector, f"POST {SESSIONS}")
        read = named(collector, f"GET {SESSIONS}/{{session_id}}")
        brewed = named(collector, "HTTP")

    assert {service for service, _ in collector.spans} == {"vaarta-api"}
    assert created.kind == Span.SPAN_KIND_SERVER
    assert values(created) == {
        "http.request.method": "POST",
        "http.route": SESSIONS,
        "http.response.status_code": 201,
    }
    assert values(read)["http.response.status_code"] == 404
    assert read.status.code == Status.STATUS_CODE_UNSET
    assert values(brewed)["http.request.method"] == "_OTHER"
    sent = b"".join(collector.bodies)
    assert not [one for one in (PROMPT, api.key, str(secret)) if one.encode() in sent]


async def test_a_request_belongs_to_the_trace_that_its_client_sends_along(
    api_env: dict[str, str],
) -> None:
    parent = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    async with running_collector() as collector, traced_api(api_env, collector.url) as api:
        await api.get("/healthz", headers=parent)
    span = named(collector, "GET /healthz")
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == ("a" * 32, "b" * 16)


async def test_a_collector_that_does_not_answer_delays_no_request_and_no_end(
    api_env: dict[str, str],
) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    async with server, asyncio.timeout(60.0):
        async with traced_api(api_env, f"http://127.0.0.1:{port}") as api:
            assert (await api.get("/healthz")).status == 200
            left_at = loop.time()
        # The SDK would wait for its 30 s, the exporter for its 10 s.
        assert loop.time() - left_at < 9


async def test_spans_that_the_collector_refuses_are_counted(api_env: dict[str, str]) -> None:
    before = SPANS_LOST._value.get()
    async with running_collector() as collector:
        collector.status = 400
        async with traced_api(api_env, collector.url) as api:
            await api.get("/healthz")
    assert SPANS_LOST._value.get() == before + 1
