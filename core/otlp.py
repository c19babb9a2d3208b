"""Spans → a collector, as protobuf over HTTP, from a thread of the SDK's that nobody waits for.

    begin, tell, end ──▶ 2,048 spans at most ──thread, every 5 s──▶ collector
                           └ full: the oldest go         └ 10 s, then given up

Its own settings (`OTEL_BSP_*`, `OTEL_TRACES_SAMPLER`, `OTEL_RESOURCE_ATTRIBUTES`,
`OTEL_EXPORTER_OTLP_TIMEOUT`, `_COMPRESSION`, `_CERTIFICATE`, ...) the SDK reads in the environment.
The provider is ours alone: what libraries tell the global one, prompts among it, goes nowhere.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span as SdkSpan
from opentelemetry.trace import SpanKind, Status, StatusCode, format_trace_id, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.re import parse_env_headers

from core.metrics import SPANS_LOST
from core.setting_groups import TracingSettings
from core.spans import Attributes, Kind, OpenSpan, Span

log = logging.getLogger(__name__)

FLUSH_S: Final = 1.0
"""How long a process waits at its end for what is still to be sent."""
_KINDS: Final = {
    Kind.SERVER: SpanKind.SERVER,
    Kind.CLIENT: SpanKind.CLIENT,
    Kind.INTERNAL: SpanKind.INTERNAL,
}
_PROPAGATOR: Final = TraceContextTextMapPropagator()


def warm_up() -> None:
    """The exporter imports most of what it needs when it is made."""
    CountedExporter(OTLPSpanExporter("http://127.0.0.1")).shutdown()


@asynccontextmanager
async def opened(settings: TracingSettings, service: str) -> AsyncIterator["SdkTraces"]:
    """Send to the collector that the settings name; leaving takes `FLUSH_S` at most."""
    # It tells of each failure, with what the collector said: ours tells once that it fails.
    logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)
    headers = parse_env_headers(settings.headers.get_secret_value(), liberal=True)
    exporter = CountedExporter(OTLPSpanExporter(settings.url, headers=headers))
    processor = BatchSpanProcessor(exporter)
    try:
        yield SdkTraces(processor, settings.service_name or service)
    finally:
        await _flush(processor, exporter)


async def _flush(processor: SpanProcessor, exporter: SpanExporter) -> None:
    """The SDK's own way waits for as long as the collector takes."""
    loop, is_sent = asyncio.get_running_loop(), asyncio.Event()

    def send_rest() -> None:
        processor.shutdown()
        with suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(is_sent.set)

    threading.Thread(target=send_rest, name="spans-flush", daemon=True).start()
    try:
        async with asyncio.timeout(FLUSH_S):
            await is_sent.wait()
    except TimeoutError:
        log.warning("spans.not_flushed")
        exporter.shutdown()


class CountedExporter(SpanExporter):
    """Counts what was not taken, and says once when that begins."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._is_failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """As the exporter does. Raises nothing."""
        result = self._exporter.export(spans)
        is_failing = result is not SpanExportResult.SUCCESS
        if is_failing:
            SPANS_LOST.inc(len(spans))
        if is_failing and not self._is_failing:
            log.warning("spans.not_taken")
        self._is_failing = is_failing
        return result

    def shutdown(self) -> None:
        """Give up what is under way."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Nothing waits here."""
        return True


class SdkTraces:
    """Implements `core.spans.Traces` on one processor of spans."""

    def __init__(self, processor: SpanProcessor, service: str) -> None:
        named = Resource({"service.name": service})
        resource = Resource.get_empty().merge(OTELResourceDetector().detect()).merge(named)
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("vaarta")

    def begin(
        self, name: str, attributes: Attributes, *, kind: Kind = Kind.INTERNAL, parent: str = ""
    ) -> OpenSpan:
        """Something begins now."""
        context = _PROPAGATOR.extract({"traceparent": parent}, Context())
        span = self._tracer.start_span(name, context, _KINDS[kind], attributes)
        return _Open(self, span)

    def tell(self, told: Span, parent: SdkSpan) -> None:
        """Something that was a part of `parent`."""
        span = self._tracer.start_span(
            told.name,
            set_span_in_context(parent, Context()),
            _KINDS[told.kind],
            told.attributes,
            start_time=told.began_ns,
        )
        for part in told.parts:
            self.tell(part, span)
        _end(span, told.error, told.ended_ns)


class _Open:
    def __init__(self, traces: SdkTraces, span: SdkSpan) -> None:
        self._traces = traces
        self._span = span

    @property
    def trace_id(self) -> str:
        return format_trace_id(self._span.get_span_context().trace_id)

    @property
    def traceparent(self) -> str:
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier, set_span_in_context(self._span, Context()))
        return carrier.get("traceparent", "")

    def tell(self, part: Span) -> None:
        if self._span.is_recording():
            self._traces.tell(part, self._span)

    def end(self, attributes: Attributes, *, error: str = "") -> None:
        self._span.set_attributes(attributes)
        _end(self._span, error, time.time_ns())


def _end(span: SdkSpan, error: str, at_ns: int) -> None:
    if error:
        span.set_attribute("error.type", error)
        span.set_status(Status(StatusCode.ERROR))
    span.end(at_ns)
