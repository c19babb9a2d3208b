"""What does not fit is refused in words that fit it."""

from typing import Any

import pytest

from control_api.bots.requests import CreateBot
from control_api.keys.requests import CreateKey
from control_api.request.errors import ApiError
from control_api.request.parsing import parse_body
from control_api.sessions.requests import CreateSession
from core.catalog import Catalog

CATALOG = Catalog.load()


@pytest.mark.parametrize(
    ("model", "body", "said"),
    [
        (CreateSession, {"voice": "x" * 51}, "at most 50 characters"),
        (CreateSession, {"greeting": "é" * 501}, "at most 500 characters"),
        (CreateKey, {"name": ""}, "at least 1 character"),
        (
            CreateBot,
            {"name": "b", "config": {"variables": {str(n): "" for n in range(65)}}},
            "at most 64 items",
        ),
    ],
)
def test_a_limit_is_told_in_what_it_counts(model: Any, body: Any, said: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_body(model, body, CATALOG)

    assert said in refused.value.message
    assert refused.value.detail is not None
    assert refused.value.detail[0]["msg"] in refused.value.message
