"""Every field of a create, at and beyond its bounds."""

from typing import Any
from uuid import UUID

import pytest

from control_api.request.errors import ApiError
from control_api.request.parsing import parse_body, parse_query
from control_api.sessions.list_query import ListSessions
from control_api.sessions.requests import CreateSession
from core.catalog import Catalog

CATALOG = Catalog.load()
LANGUAGES = "en-IN hi-IN bn-IN gu-IN kn-IN ml-IN mr-IN od-IN pa-IN ta-IN te-IN"


def parse(body: Any) -> CreateSession:
    return parse_body(CreateSession, body, CATALOG)


def refusal(body: Any) -> ApiError:
    with pytest.raises(ApiError) as refused:
        parse(body)
    assert refused.value.code == "validation_error"
    return refused.value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("system_prompt", "न" * 4096),
        ("system_prompt", "😀" * 4096),
        ("system_prompt", ""),
        ("voice", "v" * 50),
        ("llm_model", "m" * 100),
        ("greeting", "g" * 500),
        ("max_duration_seconds", 30),
        ("max_duration_seconds", 3600),
        ("metadata", {}),
        ("metadata", {"a": "x" * (16 * 1024 - 8)}),
        ("metadata", {"deep": [[[{"a": None}]]]}),
        ("variables", {"name": "Asha"}),
        ("tts_model", "bulbul:v2"),
        ("stt_model", "saaras:v4"),
        ("webhook_url", "https://example.com/" + "a" * 2028),
        ("bot_id", str(UUID(int=7))),
    ],
)
def test_a_value_at_its_bound_is_taken(field: str, value: Any) -> None:
    parsed = parse({field: value})

    assert str(getattr(parsed, field)) == str(value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("system_prompt", "x" * 4097),
        ("system_prompt", 5),
        ("system_prompt", "nul\0"),
        ("system_prompt", "half \ud800"),
        ("voice", "v" * 51),
        ("voice", ["shubh"]),
        ("voice", "\0"),
        ("language", "en-US"),
        ("language", ""),
        ("language", "e" * 11),
        ("llm_model", "m" * 101),
        ("llm_model", {}),
        ("tts_provider", "openai"),
        ("tts_provider", "Sarvam"),
        ("max_duration_seconds", 29),
        ("max_duration_seconds", 3601),
        ("max_duration_seconds", "300"),
        ("max_duration_seconds", 300.5),
        ("max_duration_seconds", True),
        ("max_duration_seconds", 10**4000),
        ("webhook_url", 7),
        ("webhook_url", "https://example.com/" + "a" * 2029),
        ("metadata", []),
        ("metadata", "text"),
        ("metadata", {"a": "x" * (16 * 1024 - 7)}),
        ("metadata", {"a": "न" * 5460}),
        ("metadata", {"a": ["\0"]}),
        ("metadata", {"a\0": 1}),
        ("metadata", {"a": {"b": "\udfff"}}),
        ("greeting", "g" * 501),
        ("stt_model", "whisper"),
        ("stt_model", "s" * 65),
        ("tts_model", ""),
        ("min_endpointing_delay", 0.05),
        ("min_endpointing_delay", 5.1),
        ("min_endpointing_delay", "0.2"),
        ("min_endpointing_delay", True),
        ("max_endpointing_delay", 0.059),
        ("max_endpointing_delay", 10.5),
        ("variables", ["name"]),
        ("variables", {"name": 5}),
        ("variables", {"name": None}),
        ("variables", {"name": "\0"}),
        ("bot_id", 5),
        ("bot_id", "no-uuid"),
    ],
)
def test_a_value_beyond_its_bound_is_refused_by_name(field: str, value: Any) -> None:
    refused = refusal({field: value})

    assert refused.param is not None
    assert refused.param.split(".")[0] == field
    assert refused.detail is not None
    assert refused.detail[0]["loc"][:2] == ["body", field]


def test_the_longest_silence_is_not_shorter_than_the_shortest() -> None:
    refused = refusal({"max_endpointing_delay": 0.3, "min_endpointing_delay": 0.4})

    assert refused.param == "max_endpointing_delay"
    assert (
        parse({"max_endpointing_delay": 1, "min_endpointing_delay": 1}).max_endpointing_delay == 1
    )


@pytest.mark.parametrize("body", [[], "text", 5, True, None, [{}]])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    assert refusal(body).param == "body"


def test_all_bad_fields_are_listed() -> None:
    refused = refusal({"voice": 1, "greeting": 2, "max_duration_seconds": 1})

    assert refused.detail is not None
    assert [one["loc"][1] for one in refused.detail] == [
        "voice",
        "max_duration_seconds",
        "greeting",
    ]
    assert all(set(one) == {"loc", "msg", "type"} for one in refused.detail)


def test_null_is_the_same_as_absent_and_unknown_fields_are_ignored() -> None:
    body = dict.fromkeys(CreateSession.model_fields) | {"colour": "\0", "tenant_id": 7}

    assert parse(body) == parse({})


@pytest.mark.parametrize("language", LANGUAGES.split())
def test_a_language_is_known_in_any_case(language: str) -> None:
    assert parse({"language": language.upper()}).language == language


def test_an_unknown_language_is_told_which_there_are() -> None:
    assert all(one in refusal({"language": "fr"}).message for one in LANGUAGES.split())


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    secret = "my account number is 12345"

    refused = refusal({"system_prompt": secret * 1000, "language": "12345"})

    assert "12345" not in str(refused.detail) + refused.message


def test_a_query_takes_its_known_parameters_only() -> None:
    query = parse_query(ListSessions, {"limit": "200", "offset": "0", "colour": "red"})

    assert (query.limit, query.offset, query.status) == (200, 0, None)
