"""The API's description, for programs and for people."""

from pathlib import Path
from typing import Final

from aiohttp import web

from control_api.request.errors import not_found

OPENAPI_DOCUMENT: Final = web.AppKey("openapi_document", bytes)

_FOLDER: Final = Path(__file__).parent / "docs"
_FILES: Final = {"docs.js": "text/javascript", "docs.css": "text/css"}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


async def describe(request: web.Request) -> web.Response:
    """`GET /openapi.json`; made once, when the API starts."""
    return web.Response(
        body=request.app[OPENAPI_DOCUMENT],
        content_type="application/json",
        headers={"Cache-Control": "no-cache"},
    )


async def page(_request: web.Request) -> web.FileResponse:
    """`GET /docs`: a page to read the description and try it."""
    return _answer("index.html", "text/html")


async def file(request: web.Request) -> web.FileResponse:
    """`GET /docs/{file}`: the page's own script and style."""
    name = request.match_info["file"]
    if name not in _FILES:
        raise not_found("file")
    return _answer(name, _FILES[name])


def _answer(name: str, content_type: str) -> web.FileResponse:
    headers = {**_HEADERS, "Content-Type": f"{content_type}; charset=utf-8"}
    return web.FileResponse(_FOLDER / name, headers=headers)
