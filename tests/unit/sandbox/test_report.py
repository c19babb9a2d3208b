"""A report on a transcript, asked for by a schema."""

import json
from typing import Any

import pytest

from sandbox.engines.answers import answer
from sandbox.engines.report import report_of
from sandbox.ports import ChatMessage, ChatRequest
from tests.unit.sandbox.test_answers import NOON

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "summary": {"type": "string", "description": "What came of it, in two sentences."},
        "sentiment": {"enum": ["positive", "neutral", "negative"]},
        "people": {"type": "integer"},
        "wanted": {"type": "array", "items": {"type": "string"}},
    },
}
SAID = [{"agent": "Hello!"}, {"caller": "A table for six people."}, {"caller": "Thanks."}]


def request(*texts: str) -> ChatRequest:
    roles = ("system", "user", "assistant", "user")
    messages = tuple(ChatMessage(*one) for one in zip(roles, texts, strict=False))
    return ChatRequest("local", "sandbox", messages)


def asked(said: str, schema: str = json.dumps(SCHEMA)) -> ChatRequest:
    return request(f"Answer with an object that fits this JSON Schema: {schema}", said)


def test_the_schema_is_filled_from_what_was_said() -> None:
    report = json.loads(answer(asked(json.dumps(SAID)), NOON))
    assert list(report) == list(SCHEMA["properties"])
    assert (report["people"], report["sentiment"]) == (6, "positive")
    assert "A table for six people." in report["summary"]


@pytest.mark.parametrize(
    "other",
    [
        request("Be kind.", "When do you open?"),
        asked("When do you open?"),
        asked("[]", "none"),
        asked("[]", '{"type": '),
    ],
)
def test_who_asks_for_no_report_gets_none(other: ChatRequest) -> None:
    assert report_of(other) is None


def test_nothing_is_found_in_a_call_without_words() -> None:
    report = json.loads(report_of(asked("[]")) or "")
    assert (report["people"], report["sentiment"], report["wanted"]) == (0, "neutral", [""])
