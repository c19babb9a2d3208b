"""This machine: the Python that runs, the network that media needs, our own processes."""

import platform
import socket
import sys

import aiohttp
import psutil

from control_api.health.checks.finding import Answer, Check, CheckFailed
from core.setting_groups import AgentSettings, ApiSettings

OLDEST, TOO_NEW = (3, 11), (3, 14)


def machine_checks() -> list[Check]:
    """What has to hold before anything is reached over the network."""
    return [
        Check("python", sys.executable, _python, ""),
        Check("network", platform.node(), _network, ""),
    ]


def process_checks(api: ApiSettings, agent: AgentSettings) -> list[Check]:
    """Our two processes: worth knowing, not needed to start them."""
    return [
        _page("api", f"http://{api.host}:{api.port}/readyz", "start it: `vaarta api`"),
        _page("worker", f"http://{agent.host}:{agent.port}/", "start it: `vaarta worker`"),
    ]


async def _python() -> Answer:
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        raise CheckFailed("Python 3.11, 3.12 or 3.13 is needed")
    return Answer(version=platform.python_version())


async def _network() -> Answer:
    """The LiveKit SDK gathers no loopback addresses: alone with them it joins, yet stays silent."""
    families = (socket.AF_INET, socket.AF_INET6)
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    usable = sorted(
        name
        for name, addresses in psutil.net_if_addrs().items()
        if name in up and not name.startswith("lo") and any(a.family in families for a in addresses)
    )
    if not usable:
        raise CheckFailed("only loopback: agents and callers will be mute; add an interface")
    return Answer(note=", ".join(usable))


def _page(name: str, url: str, when_away: str) -> Check:
    async def ask() -> Answer:
        async with aiohttp.ClientSession() as http, http.get(url) as answer:
            if answer.status != 200:
                raise CheckFailed(f"it answered HTTP {answer.status}: see its log")
            return Answer()

    return Check(name, url, ask, when_away, is_needed=False)
