"""JSON in and out."""

from typing import Any

import pytest

from control_api.request.errors import ApiError
from control_api.request.json_text import json_response, parse_json


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b' [1, 2.5, -0, 1e3, true, null, "a"] ', [1, 2.5, 0, 1000.0, True, None, "a"]),
        ('{"नाम": "आशा"}'.encode(), {"नाम": "आशा"}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b"[" * 256 + b"]" * 256, None),
    ],
)
def test_a_document_is_read(body: bytes, value: Any) -> None:
    read = parse_json(body)

    assert value is None or read == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 1} x',
        b"NaN",
        b'{"a": Infinity}',
        b"[-Infinity]",
        b"[1e400]",
        b"[" + b"9" * 5000 + b"]",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        '{"a": 1}'.encode("utf-16"),
        b'{"a": 1, "a": 1}',
        b'[{"b": {"a": 1, "a": 2}}]',
        b'"line\nbreak"',
        b"[" * 257 + b"]" * 257,
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_anything_else_is_invalid_json(body: bytes) -> None:
    with pytest.raises(ApiError) as refused:
        parse_json(body)

    assert refused.value.code == "invalid_json"


def test_an_answer_is_utf_8_and_survives_half_a_surrogate_pair() -> None:
    body = json_response({"a": "आशा", "b": "\ud800"}).body

    assert body == '{"a":"आशा","b":"\\ud800"}'.encode()
