"""What the csv lists of a key hold."""

from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

# Of the key that a request came with, as soon as it is known: also for the answer's headers.
ALLOWED_DOMAINS: Final = web.RequestKey("allowed_domains", str)


def lists(csv: str, entry: str) -> bool:
    """Whether a csv of a key holds `entry`; `*` holds everything."""
    entries = {one.strip() for one in csv.split(",")}
    return "*" in entries or entry in entries


def is_listed_origin(origin: str, csv: str) -> bool:
    """Whether a page of `origin` is among the csv's domains.

    An entry is a host, a host with its port, a whole origin, `*.` and a domain, or `*`.
    """
    try:
        parts = urlsplit(origin)
        host = (parts.hostname or "").lower()
    except ValueError:
        host = ""
    for entry in (one.strip().lower() for one in csv.split(",")):
        if entry == "*":
            return True
        if host and entry in {host, parts.netloc.lower(), origin.lower()}:
            return True
        if host and entry.startswith("*.") and host.endswith(entry[1:]):
            return True
    return False
