"""What a webhook may reach, by address, by name and by URL."""

import ipaddress
import socket
from collections.abc import Sequence

import pytest

from core.addresses import (
    AddressGuard,
    AddressRefused,
    GuardedResolver,
    UrlRefused,
    anything_goes,
    is_public,
)

PRIVATE = (
    "127.0.0.1 127.8.8.8 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 "
    "100.64.0.1 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1 "
    "255.255.255.255 :: ::1 ::7f00:1 fe80::1 fec0::1 fc00::1 fd12:3456::1 ff02::1 2001:db8::1 "
    "::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 2002:7f00:1:: 2002:c0a8:101::1 "
    "64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 2001:0:7f00:1:: 100::1"
).split()
PUBLIC = (
    "8.8.8.8 1.1.1.1 93.184.216.34 172.15.0.1 172.32.0.1 100.63.0.1 100.128.0.1 "
    "2606:4700:4700::1111 2a00:1450:4001:80b::200e ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1"
).split()


async def names(host: str, _port: int) -> Sequence[str]:
    table = {
        "public.example": ["8.8.8.8", "2606:4700:4700::1111"],
        "private.example": ["10.0.0.1"],
        "both.example": ["8.8.8.8", "127.0.0.1"],
        "localhost": ["127.0.0.1", "::1"],
        "0x7f.1.example.": ["127.0.0.1"],
    }
    if host not in table:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return table[host]


async def names_of_the_internet(host: str, port: int) -> Sequence[str]:
    if host == "com":
        raise socket.gaierror(socket.EAI_NODATA, "no address")
    return await names(host, port)


async def nobody_to_ask(_host: str, _port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_AGAIN, "try again")


GUARD = AddressGuard(is_public, names)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_ours_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/hook",
        "https://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://0/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST/",
        "http://sub.localhost/",
        "http://localhost.localdomain/",
        "http://ip6-localhost/",
        "http://ip6-loopback/",
        "http://intranet/",
        "http://no-such-name.invalid/",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://router.home.arpa/",
        "http://hidden.onion/",
        "http://127.0.0.1%00.example.com/",
        "http://public.example%2f/",
        "http://-public.example/",
        "http://public..example/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 126}example/",
        "http://private.example/",
        "http://both.example/",
        "http://public.example@127.0.0.1/",
        "http://user:password@public.example/",
        "http://public.example\\@127.0.0.1/",
        "http://public.example/ path",
        "http://public.example/\r\nHost:127.0.0.1",
        "http://ⓔxample.com/",
        "ftp://public.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "javascript:alert(1)",
        "//public.example/",
        "public.example",
        "http://",
        "http:///path",
        "http://public.example:0/",
        "http://public.example:99999/",
        "http://public.example:port/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "",
    ],
)
async def test_a_url_that_could_reach_us_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused, match=r"^must "):
        await GUARD.require(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://public.example/webhooks/voice?token=a%20b#part",
        "HTTP://PUBLIC.example:8443",
        "http://8.8.8.8/",
        "http://[2606:4700:4700::1111]:8080/",
        "https://not-there-yet.example/",
    ],
)
async def test_a_public_url_is_let_through_and_so_is_a_name_that_is_not_there_yet(url: str) -> None:
    await GUARD.require(url)


@pytest.mark.parametrize("url", ["https://shop.example/", "https://shop.example./hook"])
async def test_a_name_that_does_not_exist_is_refused_and_let_through_while_nobody_can_tell(
    url: str,
) -> None:
    with pytest.raises(UrlRefused, match="exists"):
        await AddressGuard(is_public, names_of_the_internet).require(url)
    for silent in (names, nobody_to_ask):
        await AddressGuard(is_public, silent).require(url)
    await AddressGuard(anything_goes, names_of_the_internet).require(url)


async def test_local_work_may_reach_anything_that_is_a_url() -> None:
    guard = AddressGuard(anything_goes, names)

    for url in ("http://127.0.0.1:9999/hook", "http://localhost/", "http://receiver:80/hook"):
        await guard.require(url)
    with pytest.raises(UrlRefused):
        await guard.require("file:///etc/passwd")


async def test_a_name_with_one_private_address_resolves_to_nothing() -> None:
    resolver = GuardedResolver(GUARD)

    found = await resolver.resolve("public.example", 443)
    assert [one["host"] for one in found] == ["8.8.8.8", "2606:4700:4700::1111"]
    assert [one["family"] for one in found] == [socket.AF_INET, socket.AF_INET6]
    with pytest.raises(AddressRefused):
        await resolver.resolve("both.example", 443)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "2130706433"])
def test_no_socket_is_opened_to_an_address_that_is_not_public(address: str) -> None:
    with pytest.raises(AddressRefused):
        GUARD.open_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 80)))
