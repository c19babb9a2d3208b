"""Runs a session's tools: each call is one signed POST to the tool's address.

    {"session_id", "call_id", "name", "arguments"} ──▶ tool ──▶ 2xx and any text: the result

Whatever fails becomes a result in plain words, without addresses or secrets: the model may tell
the caller, try otherwise, or go on without. Nothing is tried twice, as nobody knows what the first
attempt did.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, Self
from uuid import UUID, uuid4

import aiohttp
from jsonschema import Draft202012Validator
from referencing import Registry

from agent.equipment.tool_signer import ToolSigner
from core.addresses import AddressGuard, AddressRefused, SystemLookup, guarded_http, policy_of
from core.errors import StoreError
from core.metrics import TOOL_CALLS, TOOL_SECONDS
from core.setting_groups import WebhookSettings
from pipeline.ports import Outcome, Tool, ToolResult
from store.records import SessionRecord
from store.sealing import Sealer
from store.tools import ToolRecord, open_headers

log = logging.getLogger(__name__)

EVENT: Final = "tool.call"
USER_AGENT: Final = "Vaarta-Tools/1"
MAX_RESULT_BYTES: Final = 64 * 1024
LONGEST_TIMEOUT_S: Final = 30.0
LATE: Final = "The tool did not answer in time; whether it did anything is not known."


class ToolFailure(Exception):
    """A call came to nothing; the message is what the model is told."""

    outcome = Outcome.FAILED


class ToolRefused(ToolFailure):
    """It was not made at all."""

    outcome = Outcome.REFUSED


@dataclass(frozen=True, slots=True)
class HttpTool:
    """A tool ready to be called. None for headers that could not be unsealed."""

    declared: Tool
    url: str = field(repr=False)
    headers: Mapping[str, str] | None = field(repr=False)
    timeout_s: float

    def require_fitting(self, arguments: Mapping[str, Any]) -> None:
        """Raises `ToolRefused` for arguments that the tool's own schema does not allow."""
        # A registry of its own: the default one would fetch what a `$ref` names.
        validator = Draft202012Validator(self.declared.parameters, registry=Registry())
        try:
            problem = next(validator.iter_errors(dict(arguments)), None)
        except Exception as exc:  # whatever a schema makes the validator do; the tool checks, too
            log.warning("tool.unchecked", extra={"error": type(exc).__name__})
            return
        if problem is not None:
            where = ".".join(map(str, problem.absolute_path)) or "arguments"
            raise ToolRefused(f"The arguments do not fit the tool. {where}: {problem.message}")


class HttpTools:
    """Implements `pipeline.ports.Toolbox`; use `opened`."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        session_id: UUID,
        tools: Sequence[HttpTool],
        signer: ToolSigner,
        on_call: Callable[[], None],
    ) -> None:
        self.tools: Final[Sequence[Tool]] = [tool.declared for tool in tools]
        self._http = http
        self._session_id = session_id
        self._by_name = {tool.declared.name: tool for tool in tools}
        self._signer = signer
        self._on_call = on_call

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        settings: WebhookSettings,
        sealer: Sealer,
        session: SessionRecord,
        signer: ToolSigner,
        on_call: Callable[[], None],
    ) -> AsyncIterator[Self]:
        """The tools that the session took over from its bot, none where it has none.

        `on_call` is told as each call begins, and as it ends: both must outlive the process.
        """
        kept = map(ToolRecord.of, session.config.get("tools", ()))
        tools = [_ready(one, sealer, session) for one in kept]
        lookup = SystemLookup()
        guard = AddressGuard(policy_of(settings), lookup)
        try:
            async with guarded_http(guard, LONGEST_TIMEOUT_S) as http:
                yield cls(http, session.id, tools, signer, on_call)
        finally:
            lookup.close()

    async def run(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Call a tool, once. Every failure is told as the result."""
        tool = self._by_name[name]
        began_at = asyncio.get_running_loop().time()
        outcome = "failed"
        self._on_call()
        try:
            async with asyncio.timeout(tool.timeout_s):
                result = ToolResult(await self._call(tool, arguments))
            outcome = "succeeded"
        except ToolFailure as exc:
            result = ToolResult(str(exc), exc.outcome)
        except TimeoutError:
            result = ToolResult(LATE, Outcome.TIMED_OUT)
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except (aiohttp.ClientError, OSError, ValueError) as exc:
            result = ToolResult(_refusal(exc), Outcome.FAILED)
        finally:
            _tell(name, outcome, asyncio.get_running_loop().time() - began_at)
            self._on_call()
        return result

    async def _call(self, tool: HttpTool, arguments: Mapping[str, Any]) -> str:
        tool.require_fitting(arguments)
        if tool.headers is None:
            raise ToolFailure("The tool is not set up properly.")
        call_id = uuid4()
        body = self._body(call_id, tool.declared.name, arguments)
        try:
            signed = await self._signer.headers(EVENT, call_id, body, at=datetime.now(UTC))
        except StoreError as exc:
            log.error("tool.unsigned", extra={"error": type(exc).__name__})
            raise ToolFailure("The tool cannot be called at the moment.") from exc
        own = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        return await self._post(tool.url, body, {**own, **tool.headers, **signed})

    def _body(self, call_id: UUID, name: str, arguments: Mapping[str, Any]) -> bytes:
        content = {
            "session_id": str(self._session_id),
            "call_id": str(call_id),
            "name": name,
            "arguments": arguments,
        }
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> str:
        async with self._http.post(
            url, data=body, headers=headers, allow_redirects=False
        ) as response:
            try:
                if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
                    raise ToolFailure(f"The tool answered with HTTP status {response.status}.")
                return await _read(response)
            finally:
                response.close()


async def _read(response: aiohttp.ClientResponse) -> str:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ToolFailure("The tool answered in a compression that was not asked for.")
    content = b""
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MAX_RESULT_BYTES:
            raise ToolFailure("The tool answered with more than 64 KiB.")
    text = content.decode("utf-8", "replace").strip()
    return text or "Done. The tool gave no further answer."


def _ready(kept: ToolRecord, sealer: Sealer, session: SessionRecord) -> HttpTool:
    """A tool whose headers do not open any more stays declared, and fails when it is called."""
    parameters = json.loads(kept.parameters)
    declared = Tool(kept.name, kept.description, parameters, wait_line=kept.wait_line)
    headers = None
    try:
        headers = open_headers(sealer, session.tenant_id, kept.sealed_headers)
    except StoreError as exc:
        log.error("tool.headers_lost", extra={"tool": kept.name, "error": type(exc).__name__})
    return HttpTool(declared, kept.url, headers, kept.timeout_s)


def _refusal(exc: Exception) -> str:
    refused = AddressRefused
    if isinstance(exc, refused) or isinstance(getattr(exc, "os_error", None), refused):
        return "The tool's address may not be called from here."
    return "The tool could not be reached."


def _tell(name: str, outcome: str, seconds: float) -> None:
    TOOL_CALLS.labels(outcome).inc()
    TOOL_SECONDS.observe(seconds)
    extra = {"tool": name, "outcome": outcome, "duration_ms": round(1000 * seconds)}
    log.log(logging.WARNING if outcome == "failed" else logging.INFO, "tool.ended", extra=extra)
