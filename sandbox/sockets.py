"""A provider's WebSocket as its protocol module sees it: messages in, JSON out, all recorded."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.auth import offered_subprotocol
from sandbox.record import Received

MAX_FRAME_BYTES = 1024 * 1024
_STOP_S = 5.0
_log = logging.getLogger("sandbox.sockets")


class IdleTooLongError(Exception):
    """The client sent nothing within the idle limit."""


class BadMessageError(Exception):
    """A text frame that is not a JSON object."""


class Socket:
    """One open connection. ``receive`` ends when the client leaves or the socket was closed.

    While it ``is_mute`` nothing is sent, not even where something is due.
    """

    def __init__(self, ws: web.WebSocketResponse, received: Received, idle_s: float) -> None:
        self._ws = ws
        self._idle_s = idle_s
        self.is_mute = False
        self.received = received

    @classmethod
    async def accept(cls, request: web.Request, received: Received, idle_s: float) -> "Socket":
        subprotocol = offered_subprotocol(request)
        ws = web.WebSocketResponse(
            protocols=(subprotocol,) if subprotocol else (),
            max_msg_size=MAX_FRAME_BYTES,
            compress=False,
        )
        await ws.prepare(request)
        received.method = "WEBSOCKET"
        return cls(ws, received, idle_s)

    @property
    def response(self) -> web.WebSocketResponse:
        return self._ws

    async def receive(self) -> AsyncIterator[bytes | str]:
        """Raises IdleTooLongError. Protocol pings keep nothing alive, messages do."""
        while not self._ws.closed:
            try:
                async with asyncio.timeout(self._idle_s):
                    message = await self._ws.receive()
            except TimeoutError as exc:
                raise IdleTooLongError from exc
            except asyncio.CancelledError:
                self._note_end()
                raise
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                yield message.data
            else:
                break
        self._note_end()

    async def send(self, message: Mapping[str, Any]) -> None:
        """A client that has gone is not an error here: ``receive`` ends by itself."""
        if self.is_mute:
            return
        try:
            await self._ws.send_str(json.dumps(message, ensure_ascii=False))
        except ConnectionError:
            self._note_end()

    async def close(self, code: int, reason: str = "") -> None:
        """``reason`` is cut to the 123 bytes that a close frame holds."""
        text = reason.encode()[:123].decode(errors="ignore")
        await self._ws.close(code=code, message=text.encode())
        self._note_end(code)

    def abort(self) -> None:
        """Cut the connection without a close frame."""
        if (transport := self._transport) is not None:
            transport.abort()
        self._note_end(1006)

    def freeze(self) -> None:
        """Be there no more, without an end: nothing is read, no ping answered, nothing sent."""
        self.is_mute = True
        if (transport := self._transport) is not None:
            transport.pause_reading()

    @property
    def _transport(self) -> asyncio.Transport | None:
        return self._ws._req.transport if self._ws._req is not None else None

    def _note_end(self, code: int | None = None) -> None:
        if self.received.is_open:
            self.received.is_open = False
            self.received.close_code = code or self._ws.close_code or 1006


def parse_message(text: str) -> dict[str, Any]:
    """Raises BadMessageError."""
    try:
        message = json.loads(text)
    except ValueError as exc:
        raise BadMessageError("message is not valid JSON") from exc
    if not isinstance(message, dict):
        raise BadMessageError("message must be a JSON object")
    return message


async def stop_tasks(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel and wait, but not for ever; errors stay with the task's own group."""
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    if running:
        _, hung = await asyncio.wait(running, timeout=_STOP_S)
        for task in hung:
            _log.error("sandbox.task_hung", extra={"task": task.get_name()})
