"""Where a request came from, and by whose right, for logs and the audit."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from aiohttp import web

from control_api.parts import SETTINGS

ASKED_BY: Final = web.RequestKey("asked_by", Mapping[str, str])
"""The ids of the tenant and, where one was used, of the key; there once they are known."""
_LONGEST_WAY: Final = 20
"""Proxies between a client and this process."""


def address_of(request: web.Request) -> str | None:
    """The client's address; None where nobody can tell.

    What `X-Forwarded-For` says counts as far as it was written by proxies that are trusted: the
    client itself may have written the rest.
    """
    address = request.remote
    trusted = request.app[SETTINGS].api.trusted_networks
    if not trusted:
        return address
    written = ",".join(request.headers.getall("X-Forwarded-For", []))
    for before in reversed(written.split(",")[-_LONGEST_WAY:]):
        if not _is_in(address, trusted) or (known := _address(before)) is None:
            break
        address = known
    return address


def _address(text: str) -> str | None:
    """Without a port, which some proxies add."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)


def _is_in(address: str | None, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    known = None if address is None else _address(address)
    return known is not None and any(ip_address(known) in one for one in networks)
