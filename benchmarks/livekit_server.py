"""A livekit-server for a run that needs nothing else."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

from livekit import api

from benchmarks.network import LOCAL, Place
from cli.dev.livekit import LiveKitPlan, config
from cli.dev.livekit_server import find
from cli.dev.ports import PortPicker
from cli.dev.state import DEFAULT_DATA_DIR, DevState

_ROOT: Final = Path(__file__).parent.parent
_READY_TIMEOUT_S: Final = 20.0


class LiveKitMissing(Exception):
    """There is no livekit-server program."""


@dataclass(frozen=True)
class LiveKitAccess:
    """A LiveKit server that tokens can be made for.

    `prefix` is what starts a program on the server's side of the network.
    """

    url: str
    api_key: str
    api_secret: str = field(repr=False)
    prefix: tuple[str, ...] = ()

    def token(self, room: str, identity: str, *, agent: str = "") -> str:
        """To join that room; the one who creates it so also calls the agent of that name."""
        grants = api.VideoGrants(room_join=True, room=room)
        token = api.AccessToken(self.api_key, self.api_secret)
        token.with_identity(identity).with_grants(grants)
        if agent:
            dispatch = api.RoomAgentDispatch(agent_name=agent)
            token.with_room_config(api.RoomConfiguration(agents=[dispatch]))
        return token.to_jwt()


class LiveKitProcess:
    """A livekit-server of the run's own: it can be killed, and started again at its address."""

    def __init__(self, access: LiveKitAccess, command: tuple[str, ...]) -> None:
        self.access: Final = access
        self._command = command
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Returns once it listens. Raises TimeoutError."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        await _wait_for_port(self.access.url)

    async def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def own_livekit(place: Place = LOCAL) -> AsyncIterator[LiveKitAccess]:
    """A livekit-server for the run. Raises LiveKitMissing when there is no program."""
    async with livekit_process(place) as process:
        yield process.access


@asynccontextmanager
async def livekit_process(place: Place = LOCAL) -> AsyncIterator[LiveKitProcess]:
    """As `own_livekit`, where it is to be killed meanwhile. Raises LiveKitMissing."""
    program = find(os.environ, _ROOT / DEFAULT_DATA_DIR)
    if program is None:
        raise LiveKitMissing("no livekit-server: run `vaarta dev` once, or set LIVEKIT_SERVER_BIN")
    ports = PortPicker(lambda _: None)
    state = DevState.fresh()
    plan = LiveKitPlan(
        port=ports.tcp("livekit", 0),
        udp_port=ports.udp("livekit", 0),
        api_key=state.livekit_api_key,
        api_secret=state.livekit_api_secret,
    )
    url = f"ws://{place.address}:{plan.port}"
    access = LiveKitAccess(url, plan.api_key, plan.api_secret, place.prefix)
    with TemporaryDirectory(prefix="vaarta-livekit-") as folder:
        config_file = Path(folder) / "livekit.json"
        config_file.touch(mode=0o600)
        config_file.write_text(json.dumps(_config(plan, place)))
        process = LiveKitProcess(
            access, (*place.prefix, program.path, "--config", str(config_file))
        )
        try:
            await process.start()
            yield process
        finally:
            await process.kill()


def _config(plan: LiveKitPlan, place: Place) -> dict[str, Any]:
    """As `vaarta dev` has it, at the place's address and interface."""
    made = config(plan)
    if place.interface is not None:
        made["bind_addresses"] = [place.address]
        made["rtc"] |= {
            "node_ip": place.address,
            "enable_loopback_candidate": False,
            "interfaces": {"includes": [place.interface]},
        }
    return made


async def _wait_for_port(url: str) -> None:
    address = urlsplit(url)
    async with asyncio.timeout(_READY_TIMEOUT_S):
        while True:
            try:
                _, writer = await asyncio.open_connection(address.hostname, address.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
