from typing import Final

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from control_api.parts import SETTINGS
from control_api.request.origin import address_of
from core.setting_groups import ApiSettings
from core.settings import Settings

PROXIES: Final = "10.0.0.0/8, 127.0.0.1,fd00::/8"


def found(remote: str | None, *written: str, trusted: str = PROXIES) -> str | None:
    app = web.Application()
    app[SETTINGS] = Settings(api=ApiSettings(trusted_proxies=trusted))
    headers = [("X-Forwarded-For", one) for one in written]
    request = make_mocked_request("GET", "/", headers=headers, app=app)
    return address_of(request.clone(remote=remote) if remote else request.clone(remote=""))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ((), "127.0.0.1"),
        (("203.0.113.7",), "203.0.113.7"),
        (("6.6.6.6, 203.0.113.7",), "203.0.113.7"),
        (("6.6.6.6", "203.0.113.7, 10.1.2.3"), "203.0.113.7"),
        (("203.0.113.7:5060",), "203.0.113.7"),
        (("[2001:db8::7]:443",), "2001:db8::7"),
        (("2001:db8::7, fd00::1",), "2001:db8::7"),
        (("::ffff:203.0.113.7",), "203.0.113.7"),
        (("10.1.2.3, 10.1.2.4",), "10.1.2.3"),
        (("unknown, 10.1.2.3",), "10.1.2.3"),
        (("203.0.113.7, ",), "127.0.0.1"),
        (("<script>",), "127.0.0.1"),
        (("9" * 5000,), "127.0.0.1"),
    ],
)
def test_what_trusted_proxies_wrote_is_believed(written: tuple[str, ...], expected: str) -> None:
    assert found("127.0.0.1", *written) == expected


def test_what_anybody_else_wrote_is_not() -> None:
    assert found("198.51.100.4", "203.0.113.7") == "198.51.100.4"
    assert found("127.0.0.1", "203.0.113.7", trusted="") == "127.0.0.1"


def test_a_way_that_is_too_long_is_not_followed_to_its_end() -> None:
    assert found("127.0.0.1", ",".join(["203.0.113.7", *["10.0.0.1"] * 100])) == "10.0.0.1"
