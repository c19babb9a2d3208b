from decimal import Decimal
from typing import Any

import pytest

from control_api.keys.requests import ChangeKey, CreateKey
from control_api.request.errors import ApiError
from control_api.request.parsing import parse_body
from core.catalog import Catalog

CATALOG = Catalog.load()


def made(**body: Any) -> CreateKey:
    return parse_body(CreateKey, {"name": "till", **body}, CATALOG)


def test_a_key_may_do_everything_with_the_models_and_nothing_beyond_by_default() -> None:
    key = made()

    assert (key.permissions, key.scopes, key.allowed_domains) == ("*", "", "*")
    assert (key.rate_limit_rpm, key.budget_limit, key.expires_at) == (None, None, None)


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("permissions", " stt , llm,stt ", "stt,llm"),
        ("permissions", "", ""),
        ("scopes", "usage:read, bots:read", "usage:read,bots:read"),
        ("allowed_domains", "https://shop.example, *.shop.example", None),
        ("allowed_domains", "localhost:5173", None),
        ("allowed_models", "kimi-k2.5,openrouter/a/b", None),
        ("budget_limit", 0, Decimal(0)),
        ("budget_limit", 0.1, Decimal("0.1")),
        ("rate_limit_rpm", 1, 1),
        ("rate_limit_rpm", 300.0, 300),
    ],
)
def test_what_is_well_formed_is_kept(field: str, given: object, kept: object) -> None:
    value = getattr(made(**{field: given}), field)

    assert value == (str(given).replace(" ", "") if kept is None else kept)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", ""),
        ("name", "x" * 256),
        ("name", "a\0"),
        ("permissions", "stt,fly"),
        ("permissions", "stt,*"),
        ("permissions", ["stt"]),
        ("scopes", "*"),
        ("scopes", "keys:write"),
        ("allowed_domains", ""),
        ("allowed_domains", "shop example"),
        ("allowed_domains", "https://shop.example/path"),
        ("allowed_models", "kimi k2"),
        ("rate_limit_rpm", 0),
        ("rate_limit_rpm", 2**31),
        ("rate_limit_rpm", True),
        ("rate_limit_rpm", 1.5),
        ("budget_limit", -1),
        ("budget_limit", 1e30),
        ("budget_limit", 0.0000001),
        ("budget_limit", "1"),
        ("budget_limit", True),
        ("expires_at", "tomorrow"),
        ("expires_at", 1700000000),
        ("expires_at", "2030-01-01T00:00:00"),
        ("expires_at", "0001-01-01T00:00:00+14:00"),
        ("expires_at", "0001-01-01T00:00:00Z"),
    ],
)
def test_what_is_not_is_refused_by_name(field: str, given: object) -> None:
    with pytest.raises(ApiError) as refused:
        made(**{field: given})

    assert (refused.value.code.status, refused.value.param) == (422, field)


def test_a_change_is_what_it_names() -> None:
    assert parse_body(ChangeKey, {"is_active": False, "name": None}, CATALOG).changes() == {
        "is_active": False
    }
