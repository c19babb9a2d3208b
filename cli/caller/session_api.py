"""The voice session API, as a caller uses it."""

import asyncio
import json
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import aiohttp
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from cli.caller.errors import ApiRefused, ApiUnreachable, CallTimeout
from cli.caller.turn import Turn

_TIMEOUT_S: Final = 15.0
_END_TIMEOUT_S: Final = 30.0
"""Longer than a caller who dropped off may take to come back."""
_END_POLL_S: Final = 0.3
_STORED_S: Final = 90.0
_NOT_YET: Final = (404, 503)
_TURNS: Final = TypeAdapter(list[Turn])


class Session(BaseModel):
    """A voice session; `ws_url` and `token` only in the answer that created it."""

    model_config = ConfigDict(frozen=True)

    id: str
    status: str
    end_reason: str | None = None
    duration_seconds: float | None = None
    turn_count: int = 0
    config: dict[str, Any] = {}
    ws_url: str = ""
    token: str = ""

    @property
    def is_over(self) -> bool:
        return self.status not in ("created", "active")


class SessionApi:
    """`async with SessionApi(url, key)`. Every call raises ApiRefused or ApiUnreachable."""

    def __init__(self, api_url: str, api_key: str) -> None:
        self._url = api_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {api_key}"}
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        self._http = aiohttp.ClientSession(headers=self._headers, timeout=timeout)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._http is not None:
            await self._http.close()

    async def create(self, body: Mapping[str, Any]) -> Session:
        return _read(Session, await self._request("POST", "", json=dict(body)))

    async def get(self, session_id: str) -> Session:
        return _read(Session, await self._request("GET", f"/{session_id}"))

    async def until_over(self, session_id: str) -> Session:
        """The session once it is over, or as it is when that takes too long."""
        deadline = time.monotonic() + _END_TIMEOUT_S
        while True:
            session = await self.get(session_id)
            if session.is_over or time.monotonic() > deadline:
                return session
            await asyncio.sleep(_END_POLL_S)

    async def delete(self, session_id: str) -> None:
        await self._request("DELETE", f"/{session_id}")

    async def turns(self, session_id: str) -> list[Turn]:
        body = await self._request("GET", f"/{session_id}/transcript")
        try:
            return _TURNS.validate_json(body)
        except ValidationError as exc:
            raise _unexpected(exc) from exc

    async def transcript(self, session_id: str, text_format: str) -> str:
        """The stored transcript as the API formats it: `json`, `txt` or `srt`."""
        body = await self._request(
            "GET", f"/{session_id}/transcript", params={"format": text_format}
        )
        return body.decode()

    async def eval_case(self, session_id: str) -> str:
        """A suite's file with what was said in the session."""
        return (await self._request("GET", f"/{session_id}/eval-case")).decode()

    async def recording(self, session_id: str, *, timeout_s: float = _STORED_S) -> bytes:
        """The sound of a recorded session that is over, once it is stored. Raises CallTimeout."""
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                body = await self._request("GET", f"/{session_id}/recording")
                return await _fetched(json.loads(body)["url"])
            except (ApiRefused, ApiUnreachable) as exc:
                if isinstance(exc, ApiRefused) and exc.status not in _NOT_YET:
                    raise
                if time.monotonic() > deadline:
                    raise CallTimeout("the recording is not stored") from exc
            await asyncio.sleep(_END_POLL_S)

    async def _request(self, method: str, path: str, **given: Any) -> bytes:
        if self._http is None:
            raise ApiUnreachable("the client is not open")
        try:
            async with self._http.request(
                method, f"{self._url}/v1/voice/sessions{path}", **given
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as exc:
            raise ApiUnreachable(f"{self._url}: {exc or 'no answer in time'}") from exc
        if answer.status >= 400:
            raise _refusal(answer.status, body)
        return body


async def _fetched(url: str) -> bytes:
    """What a link leads to, which may be elsewhere: without the key."""
    try:
        async with aiohttp.ClientSession() as http, http.get(url) as answer:
            answer.raise_for_status()
            return await answer.read()
    except (aiohttp.ClientError, TimeoutError) as exc:
        raise ApiUnreachable(f"{urlsplit(url).netloc}: {exc or 'no answer in time'}") from exc


class _Error(BaseModel):
    message: str
    code: str


class _Envelope(BaseModel):
    error: _Error


def _refusal(status: int, body: bytes) -> ApiRefused | ApiUnreachable:
    try:
        error = _Envelope.model_validate_json(body).error
    except ValidationError:
        return ApiUnreachable(f"HTTP {status} without the API's error envelope")
    return ApiRefused(status, error.code, error.message)


def _read(model: type[Session], body: bytes) -> Session:
    try:
        return model.model_validate_json(body)
    except ValidationError as exc:
        raise _unexpected(exc) from exc


def _unexpected(exc: ValidationError) -> ApiUnreachable:
    where = ".".join(str(part) for part in exc.errors()[0]["loc"])
    return ApiUnreachable(f"an answer that is not the API's: {where or 'not JSON'}")
