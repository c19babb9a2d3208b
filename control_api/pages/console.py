"""The web console's page, and what it must know at its start."""

import ipaddress
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from control_api.access.local_owner import owner_token
from control_api.parts import SETTINGS
from control_api.request.errors import not_found
from control_api.request.json_text import json_response

CONSOLE_FOLDER: Final = web.AppKey("console_folder", Path)

_NOT_BUILT: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Vaarta console</title></head>
<body><h1>The console is not built</h1>
<p>Run <code>npm ci &amp;&amp; npm run build</code> in the folder <code>console</code>, then
reload this page. The API itself is at work.</p></body></html>
"""
_HEADERS: Final = {
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_PAGE: Final = re.compile(r"[a-z0-9-]+(/[A-Za-z0-9-]+)*/?")
# Built files carry a hash of their content in their names.
_ASSETS: Final = "/console/assets/"


async def page(request: web.Request) -> web.StreamResponse:
    """`GET /console`: the document that shows every page."""
    index = request.app[CONSOLE_FOLDER] / "index.html"
    if not index.is_file():
        return web.Response(text=_NOT_BUILT, content_type="text/html")
    return web.FileResponse(index)


async def file_or_page(request: web.Request) -> web.StreamResponse:
    """`GET /console/{path}`: a built file, nothing outside of their folder, else one of the pages.

    Only the document knows its pages; what it does not know, it says itself.
    """
    path = request.match_info["path"]
    if _is_page(path):
        return await page(request)
    folder = request.app[CONSOLE_FOLDER].resolve()
    try:
        found = (folder / path).resolve()
    except ValueError:  # U+0000
        raise not_found("file") from None
    if not found.is_relative_to(folder) or not found.is_file():
        raise not_found("file")
    return web.FileResponse(found)


def _is_page(path: str) -> bool:
    """Whether the path has the look of a page's: `sessions/7c2b9e30`, `setup/keys`."""
    return _PAGE.fullmatch(path) is not None and not path.startswith("assets")


async def config(request: web.Request) -> web.Response:
    """`GET /console/config.json`: what to sign in with, for a page on the developer's machine."""
    settings = request.app[SETTINGS]
    if settings.app.env != "development" or not _is_local(request):
        return json_response({"api_key": None, "jwt": None})
    key = settings.api.console_api_key.get_secret_value()
    token = owner_token(settings.auth, settings.api.console_tenant_id, datetime.now(UTC))
    return json_response({"api_key": key or None, "jwt": token})


async def add_console_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Keep the page to its own scripts and to the LiveKit server that callers use."""
    if request.path != "/console" and not request.path.startswith("/console/"):
        return
    settings = request.app[SETTINGS]
    response.headers["Content-Security-Policy"] = content_security_policy(
        settings.livekit.ws_url, settings.recording.bucket_url or settings.api.public_url
    )
    response.headers.update(_HEADERS)
    if isinstance(response, web.FileResponse):
        response.headers["Vary"] = "Accept-Encoding"  # built files lie there compressed as well
    if request.path.startswith(_ASSETS) and response.status == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif not request.path.endswith(".json"):
        response.headers["Cache-Control"] = "no-cache"


def content_security_policy(livekit_url: str, recordings_url: str = "") -> str:
    """The page's policy: no inline code or style, connections only to us, to LiveKit, and to where
    links to recordings lead, unless that is here.

    Sound is fetched, then played from memory (`blob:`); small pictures are built into the style
    (`data:`).
    """
    parts = urlsplit(livekit_url)
    is_secure = parts.scheme in {"wss", "https"}
    hosts = [parts.netloc]
    if parts.netloc.endswith(".livekit.cloud"):
        hosts.append("*.livekit.cloud")  # it sends callers on to a server of their region
    schemes = ("wss", "https") if is_secure else ("ws", "http")
    targets = " ".join(f"{scheme}://{host}" for host in hosts for scheme in schemes)
    if recordings_url:
        store = urlsplit(recordings_url)
        targets += f" {store.scheme}://{store.netloc}"
    return (
        f"default-src 'self'; connect-src 'self' {targets}; media-src 'self' blob:; "
        "img-src 'self' data:; worker-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def _is_local(request: web.Request) -> bool:
    """Whether the page that asks is ours, on this machine, under a name no stranger controls."""
    origin = request.headers.get("Origin")
    return (
        _is_loopback(request.remote)
        and _is_loopback(_host_name(request.host))
        and request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}
        and origin in {None, f"{request.scheme}://{request.host}"}
    )


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_loopback(name: str | None) -> bool:
    if name == "localhost":
        return True
    try:
        return name is not None and ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
