"""Whether a worker is well, on a page beside livekit-agents' own."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from livekit.agents.utils.http_server import HttpServer

from agent.signs import Sign
from agent.worker.warm_server import WarmServer
from core.supervision import Health

OK: Final = "ok"
AWAY: Final = "unavailable"


class WatchedServer(WarmServer):
    """A server whose page `/readyz` tells of the worker's own tasks as well: what is at `/` knows
    nothing of them, and is asked by those who restart what is not alive."""

    def __init__(self, health: Health, cut_off: Sign, **options: Any) -> None:
        self._pages: HttpServer | None = None
        self.health: Final = health
        self._cut_off = cut_off
        super().__init__(**options)

    # It makes its pages when it runs and has them frozen by the time it says that it has started:
    # there is no other moment to add one.
    @property
    def _http_server(self) -> HttpServer | None:
        return self._pages

    @_http_server.setter
    def _http_server(self, pages: HttpServer | None) -> None:
        self._pages = pages
        if pages is not None:
            pages.app.add_routes([web.get("/readyz", self._is_ready)])

    async def _is_ready(self, _request: web.Request) -> web.Response:
        down = ", ".join(self.health.down)
        checks = {
            "livekit": AWAY if self._cut_off.is_shown else OK,
            "tasks": f"down: {down}" if down else OK,
        }
        is_well = all(state == OK for state in checks.values())
        return web.json_response(
            {"status": OK if is_well else AWAY, "checks": checks},
            status=HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE,
        )
