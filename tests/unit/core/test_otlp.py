"""Spans as the SDK makes them of what it is told; the exporter keeps them in memory."""

import sys

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from core.setting_groups import TracingSettings
from core.spans import Kind, Span, opened_traces
from tests.unit.told_spans import ToldSpans, own_id, parent_id

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.fixture
def told() -> ToldSpans:
    return ToldSpans()


def test_what_is_told_of_a_span_is_part_of_it_at_its_own_time(told: ToldSpans) -> None:
    session = told.traces.begin("session", {"a": 1})
    answer = Span("answer", 20, 40, {"n": 3}, kind=Kind.CLIENT, error="ProviderTimeout")
    session.tell(Span("turn", 10, 50, parts=(answer,)))
    session.end({"b": 2.5})

    turn, part = told["turn"], told["answer"]
    assert (turn.start_time, turn.end_time) == (10, 50)
    assert parent_id(turn) == own_id(told["session"])
    assert (part.start_time, part.end_time, part.kind) == (20, 40, SpanKind.CLIENT)
    assert parent_id(part) == own_id(turn)
    assert part.attributes == {"n": 3, "error.type": "ProviderTimeout"}
    assert part.status.status_code is StatusCode.ERROR
    assert told["session"].attributes == {"a": 1, "b": 2.5}
    assert told["session"].resource.attributes["service.name"] == "vaarta-test"


def test_a_span_goes_on_with_the_trace_that_it_is_given(told: ToldSpans) -> None:
    request = told.traces.begin("request", {}, kind=Kind.SERVER, parent=PARENT)
    session = told.traces.begin("session", {}, parent=request.traceparent)
    session.end({})
    request.end({})

    assert request.trace_id == session.trace_id == "a" * 32
    assert parent_id(told["session"]) == own_id(told["request"])
    assert f"{parent_id(told['request']):x}" == "b" * 16


@pytest.mark.parametrize("parent", ["", "rubbish", f"00-{'0' * 32}-{'b' * 16}-01", 999 * "a"])
def test_what_is_no_trace_begins_one_of_its_own(told: ToldSpans, parent: str) -> None:
    told.traces.begin("request", {}, parent=parent).end({})
    assert told["request"].parent is None


def test_of_a_trace_that_is_not_sampled_nothing_is_told(told: ToldSpans) -> None:
    session = told.traces.begin("session", {}, parent=PARENT.replace("-01", "-00"))
    session.tell(Span("turn", 10, 50))
    session.end({})
    assert told.spans == ()
    assert session.traceparent.endswith("-00")


@pytest.mark.parametrize(
    "settings",
    [
        TracingSettings(),
        TracingSettings(endpoint="http://a:4318", is_disabled=True),
    ],
)
async def test_without_a_collector_there_is_nobody_to_tell_and_nothing_to_import(
    settings: TracingSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "core.otlp", None)
    async with opened_traces(settings, "vaarta-test") as traces:
        assert traces is None


@pytest.mark.parametrize(
    ("env", "url"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4318"}, "http://a:4318/v1/traces"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a/in/"}, "http://a/in/v1/traces"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://a/in"}, "http://a/in"),
    ],
)
def test_traces_go_where_the_standard_settings_say(env: dict[str, str], url: str) -> None:
    assert TracingSettings.model_validate(env).url == url
