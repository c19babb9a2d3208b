"""Sarvam's legacy recognition socket: ``/speech-to-text/ws``."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox import pcm
from sandbox.auth import require_key
from sandbox.backstage import BACKSTAGE, Backstage
from sandbox.legacy_config import LegacyConfig, parse_query
from sandbox.listening import Listener, Span
from sandbox.ports import EngineError, Transcript
from sandbox.refusals import invalid, new_request_id, over_quota
from sandbox.script import SttFault
from sandbox.sockets import BadMessageError, IdleTooLongError, Socket, parse_message, stop_tasks
from sandbox.speech_gate import SpeechGate
from sandbox.stt_faults import bring_about, run_faults, shake_hands
from sandbox.stt_options import ConfigError

_BAD_REQUEST = "invalid_request_error"


async def handle(request: web.Request) -> web.StreamResponse:
    backstage = request.app[BACKSTAGE]
    received = backstage.record(request)
    require_key(request, backstage.script)
    try:
        config = parse_query(request.query, backstage.script.stt.silence_window_ms)
    except ConfigError as exc:
        raise invalid(str(exc)) from exc
    with backstage.place("stt", backstage.script.stt.max_sockets) as has_place:
        if not has_place:
            raise over_quota()
        faults = await shake_hands(backstage, "legacy")
        socket = await Socket.accept(request, received, backstage.script.idle_close_s)
        await _LegacySession(backstage, socket, config, faults).run()
        return socket.response


class _LegacySession:
    """One connection; finals only, one a segment of the server's own VAD, or one a flush."""

    def __init__(
        self,
        backstage: Backstage,
        socket: Socket,
        config: LegacyConfig,
        faults: Sequence[SttFault],
    ) -> None:
        self._backstage = backstage
        self._faults = faults
        self._socket = socket
        self._config = config
        self._request_id = new_request_id()
        self._ended_at_s = time.monotonic()

    async def run(self) -> None:
        config = self._config
        recogniser = self._backstage.providers.recogniser
        transcriber = recogniser.open(config.language, config.rate_hz)
        try:
            async with asyncio.TaskGroup() as tasks:
                gate = SpeechGate(config.rate_hz, silence_ms=config.silence_ms)
                self._listener = Listener(
                    transcriber, gate, self, rate_hz=config.rate_hz, tasks=tasks
                )
                self._listener.sends_partials = False
                self._listener.tells_final_first = self._backstage.script.stt.final_first
                faults = tasks.create_task(
                    run_faults(self._faults, self._socket, self._listener, self._report_fault)
                )
                try:
                    await self._read()
                except IdleTooLongError:
                    # Seen in the field: the connection is cut, without a close frame.
                    self._socket.abort()
                finally:
                    await self._listener.aclose()
                    await stop_tasks(faults)
        except* EngineError:
            await self._socket.close(1011, "internal error")

    async def _read(self) -> None:
        async for frame in self._socket.receive():
            try:
                if isinstance(frame, bytes):
                    raise BadMessageError("binary messages are not supported")
                await self._obey(parse_message(frame))
            except (BadMessageError, pcm.AudioError) as exc:
                await self._send("error", error=str(exc), code=_BAD_REQUEST)

    async def _obey(self, message: dict[str, Any]) -> None:
        kind = message.get("type")
        if kind == "end_of_stream":
            self._socket.received.add(kind)
            await self._listener.finish()
        elif isinstance(message.get("audio"), Mapping):
            await self._hear(message["audio"])
        elif kind == "flush":
            self._socket.received.add(kind)
            if self._config.obeys_flush:
                self._ended_at_s = time.monotonic()
                await self._listener.flush()
        elif kind == "config":
            # Only the old translate models take a prompt; the present ones let it pass.
            self._socket.received.add(kind, message.get("prompt"))
        else:
            raise BadMessageError(f"unknown message type {kind!r}")

    async def _hear(self, audio: Mapping[str, Any]) -> None:
        data = pcm.from_base64(audio.get("data"))
        self._socket.received.add_audio(len(data))
        await self._listener.hear(pcm.from_wav_or_pcm(data, self._config.rate_hz))

    async def speech_started(self, utterance: int) -> None:
        await self._signal("START_SPEECH")

    async def speech_ended(self, utterance: int) -> None:
        self._ended_at_s = time.monotonic()
        await self._signal("END_SPEECH")

    async def partial(self, utterance: int, text: str) -> None:
        """This protocol has none."""

    async def final(self, utterance: int, transcript: Transcript, span: Span) -> None:
        transcript, times = await bring_about(self._backstage, "legacy", transcript)
        data = {
            "request_id": self._request_id,
            "transcript": transcript.text,
            "language_code": transcript.language,
            "language_probability": transcript.confidence,
            "timestamps": None,
            "diarized_transcript": None,
            "metrics": {
                "audio_duration": round(span.end_s - span.start_s, 3),
                "processing_latency": round(time.monotonic() - self._ended_at_s, 3),
            },
        }
        for _ in range(times):
            await self._send("data", **data)

    async def _signal(self, signal: str) -> None:
        if self._config.sends_vad_signals:
            now = datetime.now(UTC)
            await self._send(
                "events",
                event_type="vad",
                signal_type=signal,
                timestamp=now.isoformat(),
                occured_at=now.timestamp(),
            )

    async def _report_fault(self, fault: SttFault) -> None:
        await self._send("error", error=fault.message, code=fault.code)

    async def _send(self, kind: str, **data: Any) -> None:
        await self._socket.send({"type": kind, "data": data})
