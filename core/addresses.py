"""Which addresses a tenant's URL may reach: public ones, unless the settings say otherwise.

A tenant chooses the URL, so it may point at our own network, by name, by number, or by a name that
changes its mind. What counts is therefore decided on the very address that a socket is opened to;
the look at a URL when it is given only tells its author early.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.setting_groups import WebhookSettings

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
Policy: TypeAlias = Callable[[IpAddress], bool]
AddrInfo: TypeAlias = "tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]"

_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
# Protocols of their own live here; Python counts a few of them as global.
_PROTOCOLS: Final = ipaddress.IPv4Network("192.0.0.0/24")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_UNPRINTABLE: Final = re.compile(r"[^\x21-\x7e]|\\")
# A last label of digits or hex digits is an IPv4 address in one of its many spellings.
_NUMERIC_HOST: Final = re.compile(r"(.*\.)?(\d+|0[xX][0-9a-fA-F]*)\.?")
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*", re.IGNORECASE)
# Of this machine, of its network, or nobody's: RFC 6761, 6762, 7686, 8375, 9476, ICANN's .internal;
# and what machines call themselves in their own tables.
_SPECIAL_USE: Final = (
    "localhost localdomain invalid test local internal home.arpa in-addr.arpa ip6.arpa onion alt "
    "intranet private corp home lan"
).split()
_IN_EVERY_DNS: Final = "com"
_EARLY_LOOKUP_S: Final = 2.0
_LOOKUP_THREADS: Final = 32
_MAX_HEADER_BYTES: Final = 8190


class AddressRefused(OSError):
    """The address is not one that a tenant may make us reach."""


class UrlRefused(Exception):
    """A URL that cannot be called; the message is the rule that it breaks."""


def is_public(address: IpAddress) -> bool:
    """Whether the address is one of the public internet, also when it is wrapped in another."""
    if isinstance(address, ipaddress.IPv4Address):
        is_host = not address.is_multicast and address not in _PROTOCOLS
        return is_host and address.is_global
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(inner)
    return address in _GLOBAL_UNICAST and address.is_global and address.teredo is None


def anything_goes(_address: IpAddress) -> bool:
    """The policy of a machine of one's own."""
    return True


def policy_of(settings: WebhookSettings) -> Policy:
    """What the settings allow to the URLs of tenants."""
    return anything_goes if settings.allow_private else is_public


class AddressGuard:
    """Lets through what `allows` allows, for URLs, for names and for sockets."""

    def __init__(self, allows: Policy, lookup: Lookup) -> None:
        self._allows = allows
        self._is_public_only = not allows(ipaddress.IPv6Address("::1"))
        self._lookup = lookup

    async def require(self, url: str) -> None:
        """Raises `UrlRefused` for a URL that cannot be called.

        While there is nobody to ask a name is let through; each attempt looks again.
        """
        host, port = _host_and_port(url)
        if self._is_public_only and _is_special_use(host):
            raise UrlRefused("must resolve to public addresses only")
        try:
            async with asyncio.timeout(_EARLY_LOOKUP_S):
                await self._require_host(host, port)
        except AddressRefused:
            raise UrlRefused("must resolve to public addresses only") from None
        except OSError:  # unknown for now, or nobody to ask in time
            return

    async def _require_host(self, host: str, port: int) -> None:
        try:
            await self.addresses(host, port)
        except socket.gaierror as exc:
            is_unknown = exc.errno in (socket.EAI_NONAME, socket.EAI_NODATA)
            if self._is_public_only and is_unknown and await self._asks_the_internet():
                raise UrlRefused("must name a host that exists") from None

    async def _asks_the_internet(self) -> bool:
        """Whether the names that this machine's DNS denies do not exist: a walled-in one denies
        all of them. A top-level domain is there, without an address."""
        try:
            await self._lookup(_IN_EVERY_DNS, 80)
        except socket.gaierror as exc:
            return exc.errno == socket.EAI_NODATA
        return True

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """What the host stands for. Raises `AddressRefused` if any of it is; `OSError`."""
        found = [host] if _is_literal(host) else await self._lookup(host, port)
        for address in found:
            self._require_allowed(address)
        return found

    def open_socket(self, info: AddrInfo) -> socket.socket:
        """A socket for the address that it is about to be connected to. Raises `AddressRefused`."""
        family, kind, protocol, _, address = info
        self._require_allowed(address[0])
        return socket.socket(family, kind, protocol)

    def _require_allowed(self, address: str) -> None:
        try:
            is_allowed = self._allows(ipaddress.ip_address(address))
        except ValueError:
            is_allowed = False
        if not is_allowed:
            raise AddressRefused("not a public address")


class GuardedResolver(AbstractResolver):
    """A connector's resolver that gives a name's addresses only when all of them are allowed."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises `OSError`, of which `AddressRefused` is one."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in await self._guard.addresses(host, port)
        ]

    async def close(self) -> None:
        """Nothing is held."""


def guarded_http(guard: AddressGuard, timeout_s: float) -> aiohttp.ClientSession:
    """A client that reaches what the guard lets through; whoever asks for it closes it.

    Each request has a connection of its own, and so a new look at the name. Nothing is decoded,
    so that a small answer cannot become a large one.
    """
    connector = aiohttp.TCPConnector(
        resolver=GuardedResolver(guard),
        use_dns_cache=False,
        socket_factory=guard.open_socket,
        force_close=True,
        limit=0,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=timeout_s),
        auto_decompress=False,
        max_field_size=_MAX_HEADER_BYTES,
    )


class SystemLookup:
    """The machine's own resolver, on threads of its own: a slow name server delays only this."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUP_THREADS, thread_name_prefix="lookup")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Every address of `host`. Raises `OSError`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _look_up, host, port)

    def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as exc:  # a label of more than 63 characters
        raise OSError("not a host name") from exc
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def _host_and_port(url: str) -> tuple[str, int]:
    if _UNPRINTABLE.search(url):
        raise UrlRefused("must be a URL of printable ASCII characters")
    try:
        parts = URL(url)
        host, port = parts.host, parts.port
    except ValueError:
        raise UrlRefused("must be a URL") from None
    if parts.scheme not in {"http", "https"} or not host or not port:
        raise UrlRefused("must be an http or https URL")
    if parts.user is not None or parts.password is not None:
        raise UrlRefused("must not hold a user or a password")
    if _NUMERIC_HOST.fullmatch(host) and not _is_literal(host):
        raise UrlRefused("must spell an address as four decimal numbers")
    if not _is_literal(host) and not _HOST_NAME.fullmatch(host.removesuffix(".")):
        raise UrlRefused("must name a host in letters, digits, hyphens and dots")
    return host, port


def _is_special_use(host: str) -> bool:
    """Whether the name is nobody's on the internet. One without a dot is none there either."""
    name = host.removesuffix(".").lower()
    if _is_literal(name):
        return False
    return "." not in name or any(f".{name}".endswith(f".{end}") for end in _SPECIAL_USE)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
