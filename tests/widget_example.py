"""The example server of `docs/widget`, as whoever has a page of their own runs it."""

import importlib.util
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Final

from aiohttp.test_utils import TestServer

from tests.servers import ROOT

FILE: Final = ROOT / "docs/widget/server.py"


@asynccontextmanager
async def running(api_url: str, key: str, bot_id: str | None = None) -> AsyncIterator[str]:
    """Its origin, without a `/` at the end."""
    async with TestServer(_loaded().build_app(api_url, key, bot_id)) as server:
        yield str(server.make_url("")).rstrip("/")


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("widget_example_server", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
