"""Spans in memory in the place of a collector."""

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from core.otlp import SdkTraces


class ToldSpans:
    """Takes spans, and shows those that are over by their names."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.traces = SdkTraces(SimpleSpanProcessor(self._exporter), "vaarta-test")

    def __getitem__(self, name: str) -> ReadableSpan:
        (found,) = [one for one in self.spans if one.name == name]
        return found

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """In the order in which they were over."""
        return self._exporter.get_finished_spans()


def parent_id(span: ReadableSpan) -> int | None:
    """Of the span that it is a part of."""
    return None if span.parent is None else span.parent.span_id


def own_id(span: ReadableSpan) -> int:
    """What its parts name."""
    context = span.get_span_context()
    assert context is not None
    return context.span_id
