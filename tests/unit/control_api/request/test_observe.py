"""What happens around every request."""

import asyncio
from collections import Counter
from typing import Final

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from control_api.parts import SETTINGS
from control_api.request.at_hand import AT_HAND, AtHand
from control_api.request.fair_loop import FAIR_LOOP, FairLoop
from control_api.request.middleware import observe
from core.settings import Settings

N_STEPS: Final = 5


class Served:
    """Requests that take a few steps each, told apart by their keys."""

    def __init__(self) -> None:
        self.app = web.Application()
        self.app[SETTINGS] = Settings()
        self.app[AT_HAND], self.app[FAIR_LOOP] = AtHand(1), FairLoop()
        self.route = self.app.router.add_get("/steps", self.answer)
        self.steps: Counter[str] = Counter()

    async def answer(self, request: web.Request) -> web.Response:
        for _ in range(N_STEPS):
            self.steps[request.headers["Authorization"]] += 1
            await asyncio.sleep(0)
        return web.Response()

    async def ask(self, key: str) -> int:
        found = web.UrlMappingMatchInfo({}, self.route)
        headers = {"Authorization": key}
        request = make_mocked_request("GET", "/steps", headers, match_info=found, app=self.app)
        return (await observe(request, self.answer)).status


async def test_a_request_is_answered_beside_a_hundred_of_another_caller() -> None:
    served = Served()
    loud = [asyncio.create_task(served.ask("loud")) for _ in range(100)]
    await asyncio.sleep(0)

    assert await served.ask("quiet") == 200
    assert served.steps["loud"] < 3 * N_STEPS
    assert await asyncio.gather(*loud) == [200] * 100
