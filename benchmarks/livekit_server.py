"""A livekit-server for a run that needs nothing else."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from livekit import api

from cli.dev.livekit import LiveKitPlan, write_config
from cli.dev.livekit_server import find
from cli.dev.ports import LOOPBACK, PortPicker
from cli.dev.state import DEFAULT_DATA_DIR, DevState

_READY_TIMEOUT_S: Final = 20.0


class LiveKitMissing(Exception):
    """There is no livekit-server program."""


@dataclass(frozen=True)
class LiveKitAccess:
    """A LiveKit server that tokens can be made for."""

    url: str
    api_key: str
    api_secret: str = field(repr=False)

    def token(self, room: str, identity: str, *, agent: str = "") -> str:
        """To join that room; the one who creates it so also calls the agent of that name."""
        grants = api.VideoGrants(room_join=True, room=room)
        token = api.AccessToken(self.api_key, self.api_secret)
        token.with_identity(identity).with_grants(grants)
        if agent:
            dispatch = api.RoomAgentDispatch(agent_name=agent)
            token.with_room_config(api.RoomConfiguration(agents=[dispatch]))
        return token.to_jwt()


@asynccontextmanager
async def own_livekit() -> AsyncIterator[LiveKitAccess]:
    """A livekit-server for the run. Raises LiveKitMissing when there is no program."""
    program = find(os.environ, Path(DEFAULT_DATA_DIR))
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
    with TemporaryDirectory(prefix="vaarta-floor-") as folder:
        config = Path(folder) / "livekit.json"
        write_config(config, plan)
        process = await asyncio.create_subprocess_exec(
            *(program.path, "--config", str(config)),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await _wait_for_port(plan.port)
            yield LiveKitAccess(plan.url, plan.api_key, plan.api_secret)
        finally:
            process.kill()
            await process.wait()


async def _wait_for_port(port: int) -> None:
    async with asyncio.timeout(_READY_TIMEOUT_S):
        while True:
            try:
                _, writer = await asyncio.open_connection(LOOPBACK, port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
