"""docs/api.md: a request for every route, and for no other."""

import re
from pathlib import Path

from control_api.operations import OPERATIONS

_PAGE = Path(__file__).parents[2] / "docs" / "api.md"
_CURL = re.compile(
    r'^curl (?:-N |-o [a-z.]+ )?(?:-X ([A-Z]+) )?"\$VAARTA_URL(/[^"?]*)', re.MULTILINE
)
_VARIABLE = re.compile(r"\$([A-Z_]+)")


def test_every_route_has_a_curl_and_every_curl_a_route() -> None:
    shown = [
        (method or "GET", _VARIABLE.sub(lambda name: f"{{{name[1].lower()}}}", path))
        for method, path in _CURL.findall(_PAGE.read_text())
    ]
    declared = [(one.method, one.path.replace("{model_id}", "kimi-k2.5")) for one in OPERATIONS]

    assert sorted(shown) == sorted(declared)
