"""Our client of a model's host, on a stand-in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from pydantic import SecretStr

from core.catalog import Route
from core.setting_groups import UpstreamSettings
from pipeline.metering import Meter
from pipeline.ports import Message
from pipeline.providers.openai_model import OpenAIModel
from pipeline.route_board import OwnBoard, RouteBoard

QUESTION: Final = [Message("system", "Be brief."), Message("user", "When do you open?")]
NAMES: Final = {
    "openrouter": "moonshotai/kimi-k2.5",
    "moonshot": "kimi-k2.6",
    "sarvam": "sarvam-105b",
    "clarifai": "https://clarifai.com/moonshotai/chat-completion/models/Kimi-K2_5",
    "local": "anything",
}
"""A model that each host has."""


@asynccontextmanager
async def model_at(
    http_url: str,
    upstream: str,
    meter: Meter | None = None,
    board: RouteBoard | None = None,
    *,
    named: str = "",
    **more: Any,
) -> AsyncIterator[OpenAIModel]:
    """The host's model; its route has `more` than a name. `named`: in the settings."""
    url = f"{http_url}/upstreams/{upstream}/v1"
    settings = UpstreamSettings(url=url, api_key=SecretStr("key"), model=named)
    route: Any = {"upstream": upstream, "model": NAMES[upstream], **more}
    opened = OpenAIModel(Route(**route), settings, 5.0, meter or Meter(), board or OwnBoard())
    try:
        yield opened
    finally:
        await opened.aclose()
