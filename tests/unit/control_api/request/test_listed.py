"""Which web pages may use a key."""

import pytest

from control_api.request.listed import is_listed_origin


@pytest.mark.parametrize(
    ("origin", "csv"),
    [
        ("https://shop.example", "*"),
        ("https://shop.example", "other.example, shop.example"),
        ("https://Shop.Example", "SHOP.example"),
        ("http://localhost:5173", "localhost"),
        ("http://localhost:5173", "localhost:5173"),
        ("https://shop.example", "https://shop.example"),
        ("https://a.b.shop.example", "*.shop.example"),
    ],
)
def test_a_listed_page_may(origin: str, csv: str) -> None:
    assert is_listed_origin(origin, csv)


@pytest.mark.parametrize(
    ("origin", "csv"),
    [
        ("https://shop.example", ""),
        ("https://shop.example", "example"),
        ("https://evilshop.example", "shop.example"),
        ("https://shop.example.evil", "shop.example"),
        ("https://shop.example", "*.shop.example"),
        ("https://evilshop.example", "*.shop.example"),
        ("https://shop.example:8443", "shop.example:443"),
        ("http://shop.example", "https://shop.example"),
        ("null", "shop.example"),
        ("", "shop.example"),
        ("http://[::", "shop.example"),
    ],
)
def test_any_other_page_may_not(origin: str, csv: str) -> None:
    assert not is_listed_origin(origin, csv)
