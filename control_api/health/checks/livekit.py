"""LiveKit: does it answer, and does it take our key?"""

import aiohttp
from livekit import api
from livekit.protocol import agent

from control_api.health.checks.finding import Answer, Check, CheckFailed
from core.setting_groups import LiveKitSettings

# Never dispatched to: nobody asks for an agent of this name.
AGENT_NAME = "vaarta-doctor"


def livekit_check(settings: LiveKitSettings) -> Check:
    """Registers as a worker for a moment: what the real one does, and it tells the version."""

    async def ask() -> Answer:
        headers = {"Authorization": f"Bearer {_worker_token(settings)}"}
        url = f"{settings.url.rstrip('/')}/agent"
        async with aiohttp.ClientSession() as http:
            try:
                async with http.ws_connect(url, headers=headers) as socket:
                    return Answer(version=await _register(socket))
            except aiohttp.WSServerHandshakeError as exc:
                raise CheckFailed(_advice(exc.status)) from exc

    return Check("livekit", settings.url, ask, "start `vaarta dev`, or set LIVEKIT_URL")


async def _register(socket: aiohttp.ClientWebSocketResponse) -> str | None:
    request = agent.RegisterWorkerRequest(type=agent.JT_ROOM, agent_name=AGENT_NAME)
    await socket.send_bytes(agent.WorkerMessage(register=request).SerializeToString())
    answer = agent.ServerMessage.FromString(await socket.receive_bytes())
    return answer.register.server_info.version or None


def _worker_token(settings: LiveKitSettings) -> str:
    token = api.AccessToken(settings.api_key, settings.api_secret.get_secret_value())
    return token.with_grants(api.VideoGrants(agent=True)).to_jwt()


def _advice(status: int) -> str:
    if status in (401, 403):
        return "it refuses LIVEKIT_API_KEY and LIVEKIT_API_SECRET"
    return f"it answered {status} to a worker: is LIVEKIT_URL a LiveKit server?"
