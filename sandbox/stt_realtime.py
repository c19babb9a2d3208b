"""Sarvam's realtime recognition socket: ``/speech-to-text-realtime/ws``."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from sandbox import pcm
from sandbox.auth import find_key
from sandbox.backstage import BACKSTAGE, Backstage
from sandbox.listening import Listener, Span
from sandbox.ports import EngineError, Transcript
from sandbox.realtime_config import (
    RealtimeConfig,
    apply,
    parse_query,
    parse_update,
)
from sandbox.refusals import Refusal, new_request_id
from sandbox.script import SttFault
from sandbox.sockets import BadMessageError, IdleTooLongError, Socket, parse_message, stop_tasks
from sandbox.speech_gate import SpeechGate
from sandbox.stt_faults import bring_about, run_faults, shake_hands
from sandbox.stt_options import ConfigError

_BAD_KEY_OR_QUOTA = 1003
_TIMED_OUT = 1008
_REJECTED = 4000


async def handle(request: web.Request) -> web.StreamResponse:
    backstage = request.app[BACKSTAGE]
    received = backstage.record(request)
    status = backstage.script.stt.refuse_realtime_status
    if status is not None:
        raise Refusal(status, "invalid_request_error", "Realtime recognition is not available")
    key = find_key(request)
    if not key:
        raise Refusal(403, "invalid_api_key_error", "Invalid or missing API key")
    faults = await shake_hands(backstage, "realtime")
    socket = await Socket.accept(request, received, backstage.script.idle_close_s)
    if key in backstage.script.refused_keys:
        await socket.close(_BAD_KEY_OR_QUOTA, "invalid API key")
        return socket.response
    try:
        config = parse_query(request.query, backstage.script.stt.silence_window_ms)
    except ConfigError as exc:
        await socket.close(_REJECTED, str(exc))
        return socket.response
    with backstage.place("stt", backstage.script.stt.max_sockets) as has_place:
        if has_place:
            await _RealtimeSession(backstage, socket, config, faults).run()
        else:
            await socket.close(_BAD_KEY_OR_QUOTA, "too many concurrent connections")
    return socket.response


class _RealtimeSession:
    """One connection: reads events, drives the listener, reports what it hears."""

    def __init__(
        self,
        backstage: Backstage,
        socket: Socket,
        config: RealtimeConfig,
        faults: Sequence[SttFault],
    ) -> None:
        self._backstage = backstage
        self._faults = faults
        self._socket = socket
        self._config = config
        self._waiting: dict[str, Any] = {}
        self._request_id = new_request_id()
        self._opened_at_s = time.monotonic()

    async def run(self) -> None:
        await self._send("session.begin", request_id=self._request_id, config=self._config.echo())
        recogniser = self._backstage.providers.recogniser
        rate_hz = self._config.sample_rate
        transcriber = recogniser.open(self._config.language_code, rate_hz)
        try:
            async with asyncio.TaskGroup() as tasks:
                gate = SpeechGate(rate_hz, silence_ms=self._config.silence_duration_ms)
                self._listener = Listener(transcriber, gate, self, rate_hz=rate_hz, tasks=tasks)
                self._configure()
                faults = tasks.create_task(
                    run_faults(self._faults, self._socket, self._listener, self._report_fault)
                )
                try:
                    await self._read()
                except IdleTooLongError:
                    await self._socket.close(_TIMED_OUT, "session timed out from inactivity")
                finally:
                    await self._listener.aclose()
                    await stop_tasks(faults)
        except* EngineError:
            await self._socket.close(1011, "internal error")

    async def _read(self) -> None:
        async for frame in self._socket.receive():
            if isinstance(frame, bytes):
                await self._hear(frame)
                continue
            try:
                await self._obey(parse_message(frame))
            except (BadMessageError, ConfigError, pcm.AudioError) as exc:
                await self._send_error("invalid_config", str(exc), status_code=400)

    async def _obey(self, message: dict[str, Any]) -> None:
        event = message.get("event")
        if event == "audio_input":
            await self._hear(pcm.from_base64(message.get("audio")))
            return
        self._socket.received.add(str(event), message)
        if event == "ping":
            await self._send("pong")
        elif event == "config.update":
            await self._update(message)
        elif event == "end":
            await self._end()
        elif event in ("speech_start", "speech_end", "flush"):
            await self._obey_manual(event)
        else:
            raise ConfigError(f"unknown event {event!r}")

    async def _obey_manual(self, event: str) -> None:
        if self._config.endpointing != "manual":
            raise ConfigError(f"{event} needs endpointing=manual")
        if event == "speech_start":
            await self._listener.start_speech()
        elif event == "flush":
            await self._listener.flush()
        else:
            await self._listener.end_speech()
            self._reach_boundary()

    async def _hear(self, data: bytes) -> None:
        self._socket.received.add_audio(len(data))
        await self._listener.hear(pcm.DECODERS[self._config.encoding](data))
        self._reach_boundary()

    async def _update(self, message: dict[str, Any]) -> None:
        update = parse_update(message, self._config)
        self._config = apply(self._config, update.now)
        self._configure()
        self._waiting.update(update.later)
        self._reach_boundary()
        await self._send("config.updated", applied=update.applied)

    def _reach_boundary(self) -> None:
        if self._waiting and not self._listener.is_open:
            self._config = apply(self._config, self._waiting)
            self._waiting = {}
            self._configure()

    def _configure(self) -> None:
        config, script = self._config, self._backstage.script.stt
        self._listener.is_manual = config.endpointing == "manual"
        self._listener.tells_final_first = script.final_first
        self._listener.sends_partials = script.partials and config.stream_type != "simulated"
        self._listener.keep_before(config.prefix_padding_ms)
        self._listener.gate.silence_ms = config.silence_duration_ms
        self._listener.gate.min_speech_ms = config.min_speech_duration_ms

    async def _end(self) -> None:
        await self._listener.finish()
        await self._send(
            "session.end",
            request_id=self._request_id,
            total_duration_s=round(time.monotonic() - self._opened_at_s, 3),
            total_utterances=self._listener.utterances,
            audio_duration_s=round(self._listener.audio_s, 3),
        )
        await self._socket.close(1000)

    async def speech_started(self, utterance: int) -> None:
        await self._send("vad.speech_start", utterance_idx=utterance)

    async def speech_ended(self, utterance: int) -> None:
        await self._send("vad.speech_end", utterance_idx=utterance)

    async def partial(self, utterance: int, text: str) -> None:
        await self._send("transcript.partial", utterance_idx=utterance, text=text)

    async def final(self, utterance: int, transcript: Transcript, span: Span) -> None:
        transcript, times = await bring_about(self._backstage, "realtime", transcript)
        fields: dict[str, Any] = {"utterance_idx": utterance, "text": transcript.text}
        if self._config.language_code == "auto":
            fields["language"] = transcript.language
            fields["language_confidence"] = transcript.confidence
        if self._config.return_timestamps:
            fields["start_s"] = round(span.start_s, 3)
            fields["end_s"] = round(span.end_s, 3)
        for _ in range(times):
            await self._send("transcript.final", **fields)

    async def _report_fault(self, fault: SttFault) -> None:
        await self._send_error(
            fault.code, fault.message, fault.status_code, is_fatal=fault.is_fatal
        )

    async def _send_error(
        self, code: str, message: str, status_code: int | None, *, is_fatal: bool = False
    ) -> None:
        fields: dict[str, Any] = {"code": code, "message": message, "is_fatal": is_fatal}
        if status_code is not None:
            fields["status_code"] = status_code
        await self._send("error", **fields)

    async def _send(self, event: str, **fields: Any) -> None:
        await self._socket.send({"event": event, **fields})
