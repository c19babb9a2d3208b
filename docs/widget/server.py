"""A page with a call on it, and the server that alone holds the API key.

    VAARTA_API_KEY=cm_live_... python docs/widget/server.py

`VAARTA_API_URL` says where the API is, `VAARTA_BOT_ID` which bot answers, `PORT` where the page is.
"""

import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, web

FOLDER: Final = Path(__file__).parent
PAGES: Final = {"/": "page.html", "/hi": "page.hi.html"}
LANGUAGES: Final = {"en": "en-IN", "hi": "hi-IN"}
PASSED_ON: Final = (402, 429, 503)
"""Of the API's refusals, those that a caller is told: no credits, too many calls, not now."""


@dataclass
class Calls:
    """How often each visitor has called of late."""

    most: int = 5
    within_s: float = 600.0
    begun: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def take(self, visitor: str) -> bool:
        """Whether they may call now; if so, it counts."""
        now = time.monotonic()
        for known in list(self.begun):
            self.begun[known] = [at for at in self.begun[known] if now - at < self.within_s]
            if not self.begun[known]:
                del self.begun[known]
        if len(self.begun[visitor]) >= self.most:
            return False
        self.begun[visitor].append(now)
        return True


@dataclass(frozen=True)
class Vaarta:
    """The API, and what a session is created with."""

    url: str
    key: str
    bot_id: str | None
    http: ClientSession

    async def create_session(self, language: str) -> tuple[int, dict[str, Any]]:
        """The API's status, and what the browser needs of its answer."""
        wanted = {"language": LANGUAGES.get(language, "en-IN"), "bot_id": self.bot_id}
        headers = {"Authorization": f"Bearer {self.key}"}
        path = f"{self.url}/v1/voice/sessions"
        async with self.http.post(path, json=wanted, headers=headers) as answer:
            if answer.status != 201:
                return answer.status, {}
            session = await answer.json()
            return 201, {name: session[name] for name in ("id", "ws_url", "token")}


API: Final = web.AppKey("api", Vaarta)
CALLS: Final = web.AppKey("calls", Calls)


def build_app(url: str, key: str, bot_id: str | None = None) -> web.Application:
    """The page and what its button asks for."""

    async def api(app: web.Application) -> AsyncIterator[None]:
        async with ClientSession(timeout=ClientTimeout(total=20)) as http:
            app[API] = Vaarta(url, key, bot_id, http)
            yield

    app = web.Application()
    app[CALLS] = Calls()
    app.cleanup_ctx.append(api)
    app.add_routes([web.get(path, show_page) for path in PAGES])
    app.add_routes([web.get("/page.css", show_style), web.post("/call", begin_call)])
    return app


async def show_page(request: web.Request) -> web.Response:
    """One of the pages, with the widget from the API's origin."""
    url = request.app[API].url
    text = Template((FOLDER / PAGES[request.path]).read_text(encoding="utf-8")).substitute(url=url)
    # `connect-src` is LiveKit's address, as ws(s): and as http(s):, where you know it.
    policy = (
        f"default-src 'self'; script-src {url}; connect-src 'self' ws: wss: http: https:; "
        "img-src data:; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy, "Permissions-Policy": "microphone=(self)"}
    return web.Response(text=text, content_type="text/html", headers=headers)


async def show_style(_request: web.Request) -> web.FileResponse:
    """The page's own style."""
    return web.FileResponse(FOLDER / "page.css")


async def begin_call(request: web.Request) -> web.Response:
    """A session for whoever pressed the button, if they may call."""
    if not is_own_page(request):
        return refusal(403)
    # Your application knows its visitors better: by their account, or by the proxy's header.
    if not request.app[CALLS].take(request.remote or ""):
        return refusal(429)
    try:
        language = str((await request.json())["language"])
        status, session = await request.app[API].create_session(language)
    except (ValueError, TypeError, KeyError):
        return refusal(400)
    except (ClientError, TimeoutError):
        return refusal(503)
    if status == 201:
        return web.json_response(session, headers={"Cache-Control": "no-store"})
    return refusal(status if status in PASSED_ON else 502)


def is_own_page(request: web.Request) -> bool:
    """Whether it is asked for by a script of this page: others would call at your expense."""
    own = urlsplit(request.headers.get("Origin", "")).netloc == request.host
    return own and request.content_type == "application/json"


def refusal(status: int) -> web.Response:
    """A status says it all to the widget."""
    return web.json_response({"error": status}, status=status)


if __name__ == "__main__":
    web.run_app(
        build_app(
            os.environ.get("VAARTA_API_URL", "http://127.0.0.1:8080"),
            os.environ["VAARTA_API_KEY"],
            os.environ.get("VAARTA_BOT_ID"),
        ),
        host="127.0.0.1",
        port=int(os.environ.get("PORT", "8090")),
    )
