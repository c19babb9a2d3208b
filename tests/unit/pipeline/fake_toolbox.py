"""Tools that answer what they are told to, after as long as they are told to."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.ports import Tool, ToolResult

BOOK = Tool("book_table", "Books a table.", {"type": "object"})
LOOK_UP = Tool("look_up", "Finds a booking.", {"type": "object"}, wait_line="I am looking it up.")


class FakeToolbox:
    """Keeps what was run, and what was not waited for to its end."""

    def __init__(self, *tools: Tool) -> None:
        self.tools: Sequence[Tool] = tools
        self.results: dict[str, str] = {}
        self.takes_s = 0.1
        self.is_broken = False
        self.ran: list[tuple[str, Mapping[str, Any]]] = []
        self.began_at: list[float] = []
        self.cancelled: list[str] = []
        self.began = asyncio.Event()

    async def run(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        self.ran.append((name, arguments))
        self.began.set()
        self.began_at.append(asyncio.get_running_loop().time())
        try:
            await asyncio.sleep(self.takes_s)
        except asyncio.CancelledError:
            self.cancelled.append(name)
            raise
        if self.is_broken:
            raise RuntimeError("a tool with a mistake of its own")
        return ToolResult(self.results.get(name, "done"))
