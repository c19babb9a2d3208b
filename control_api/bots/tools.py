"""A bot's tools on their way to the database and back: addresses looked at, headers sealed."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from control_api.bots.requests import BotConfig
from control_api.bots.tool_schemas import MASK, FunctionTool
from control_api.request.errors import invalid_field
from core.addresses import AddressGuard, UrlRefused
from store.bots import BotRecord
from store.records import TenantId
from store.sealing import SealBroken, Sealer
from store.tools import ToolRecord, headers_sealed_anew, open_headers, seal_headers


def tools_of(config: Mapping[str, Any]) -> Sequence[ToolRecord]:
    """The tools that a bot's config keeps."""
    return [ToolRecord.of(kept) for kept in config.get("tools", ())]


@dataclass(frozen=True, slots=True)
class ToolKeeper:
    """Makes the config of a tenant's bot what is kept of it; `may_be_plain`: without TLS."""

    guard: AddressGuard
    sealer: Sealer
    tenant_id: TenantId
    may_be_plain: bool

    async def kept_config(self, config: BotConfig, bot: BotRecord | None = None) -> dict[str, Any]:
        """The config as it is kept. `bot` is what it changes: a header given as its mask stays.

        Raises `ApiError` (422) for an address that cannot be a tool's, and a mask that hides
        nothing.
        """
        given = config.given()
        if config.analysis is not None:
            given["analysis"] = config.analysis.kept().to_json()
        if config.tools is None:
            return given
        await self._require_addresses(config.tools)
        before = {} if bot is None else {tool.name: tool for tool in tools_of(bot.config)}
        kept = [
            self._keep(tool, before.get(tool.name), f"config.tools.{index}")
            for index, tool in enumerate(config.tools)
        ]
        return {**given, "tools": [tool.to_json() for tool in kept]}

    async def _require_addresses(self, tools: Sequence[FunctionTool]) -> None:
        async def look(index: int, tool: FunctionTool) -> None:
            field = f"config.tools.{index}.url"
            if not self.may_be_plain and not tool.url.lower().startswith("https://"):
                raise invalid_field(field, "URL must be https", "url_not_https")
            try:
                await self.guard.require(tool.url)
            except UrlRefused as exc:
                raise invalid_field(field, f"URL {exc}", "url_refused") from None

        await asyncio.gather(*(look(index, tool) for index, tool in enumerate(tools)))

    def _keep(self, tool: FunctionTool, before: ToolRecord | None, field: str) -> ToolRecord:
        headers = self._unmasked(tool, before, field)
        return ToolRecord(
            name=tool.name,
            description=tool.description,
            parameters=json.dumps(tool.parameters, ensure_ascii=False),
            url=tool.url,
            timeout_s=tool.timeout_s,
            wait_line=tool.say_while_waiting,
            header_names=tuple(headers),
            sealed_headers=self._sealed(headers, before),
        )

    def _sealed(self, headers: dict[str, str], before: ToolRecord | None) -> str:
        """What says the same stays the same text, by which a draft is known to be what serves."""
        if before is not None and self._opened(before) == headers:
            return headers_sealed_anew(self.sealer, self.tenant_id, before.sealed_headers)
        return seal_headers(self.sealer, self.tenant_id, headers)

    def _opened(self, tool: ToolRecord) -> dict[str, str] | None:
        with suppress(SealBroken):  # then nothing is kept that could be meant
            return open_headers(self.sealer, self.tenant_id, tool.sealed_headers)
        return None

    def _unmasked(
        self, tool: FunctionTool, before: ToolRecord | None, field: str
    ) -> dict[str, str]:
        """The tool's headers. What is masked is kept for its own address only: whoever may change
        a bot shall not send its secrets elsewhere."""
        masked = {name for name, value in tool.headers.items() if value == MASK}
        known: dict[str, str] = {}
        if masked and before is not None and before.url == tool.url:
            known = self._opened(before) or {}
        for name in sorted(masked - known.keys()):
            message = f"{MASK} stands for a value that this tool has at this URL; give the value"
            raise invalid_field(f"{field}.headers.{name}", message, "header_unknown")
        return {n: known[n] if n in masked else value for n, value in tool.headers.items()}
