"""The widget's files, for pages of any origin."""

from pathlib import Path
from typing import Final

from aiohttp import web

from control_api.request.errors import not_found

WIDGET_FOLDER: Final = web.AppKey("widget_folder", Path)

_HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Content-Type": "text/javascript; charset=utf-8",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",  # the files lie there compressed as well
}


async def script(request: web.Request) -> web.FileResponse:
    """`GET /widget.js`: what a page names, so asked for anew each time."""
    return _answer(request, "widget.js", "no-cache")


async def part(request: web.Request) -> web.FileResponse:
    """`GET /widget/{file}`: what a call needs; a hash of its content is in its name."""
    return _answer(request, request.match_info["file"], "public, max-age=31536000, immutable")


async def present_part(request: web.Request) -> web.FileResponse:
    """`GET /widget/call.js`: the same for a page that was opened before an upgrade took away what
    it knows by name."""
    names = [file.name for file in request.app[WIDGET_FOLDER].glob("call-*.js")]
    return _answer(request, min(names, default="call.js"), "no-cache")


def _answer(request: web.Request, name: str, kept: str) -> web.FileResponse:
    file = request.app[WIDGET_FOLDER] / name
    if not file.is_file():
        raise not_found("file")
    return web.FileResponse(file, headers={**_HEADERS, "Cache-Control": kept})
