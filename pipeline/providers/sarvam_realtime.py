"""Sarvam's realtime recognition: partials, and finals when we say so (manual endpointing)."""

import asyncio
from collections.abc import Sequence
from typing import Final

from core.errors import ProviderClosed, ProviderTimeout
from core.setting_groups import SarvamSettings
from pipeline.audio import CALLER_RATE_HZ
from pipeline.providers.sarvam_dialect import PROVIDER, Heard, RecognitionOptions, parse, text_of
from pipeline.providers.sarvam_errors import from_event
from pipeline.providers.sarvam_socket import Frame, Socket, Wire
from pipeline.providers.sarvam_wire import client_of, dial

REALTIME_MODELS: Final = ("saaras:v3-realtime", "saaras:v4")
_KEEP_ALIVE: Final = ('{"event": "ping"}',)


class RealtimeDialect:
    """`/speech-to-text-realtime/ws` with manual endpointing: we say when speech is over."""

    name = "realtime"
    has_telling_finals = False

    def __init__(self, settings: SarvamSettings, options: RecognitionOptions) -> None:
        self._settings = settings
        self._options = options
        self._is_accepted = False

    async def dial(self) -> Wire:
        """Open a connection."""
        model = self._options.model
        channel = client_of(self._settings).speech_to_text_realtime_streaming.connect(
            language_code=self._options.language.stt_code(realtime=True),
            model=model if model in REALTIME_MODELS else REALTIME_MODELS[0],
            stream_type="fast",
            endpointing="manual",
            encoding="linear16",
            sample_rate=str(CALLER_RATE_HZ),
        )
        return await dial(channel, PROVIDER, self._settings.connect_timeout_s)

    async def connect(self) -> Socket:
        """Accepted only when the session has begun, as refusals may come as a close."""
        wire = await self.dial()
        wire.is_accepted = self._is_accepted
        socket = Socket(wire, PROVIDER, _KEEP_ALIVE)
        try:
            await self._begun(socket)
        except BaseException:
            socket.fail(ProviderClosed(PROVIDER, "not accepted"))
            await socket.close()
            raise
        wire.is_accepted = self._is_accepted = True
        return socket

    async def _begun(self, socket: Socket) -> None:
        try:
            async with asyncio.timeout(self._settings.connect_timeout_s):
                while parse(frame := await socket.receive()).get("event") != "session.begin":
                    self.read(frame)
        except TimeoutError:
            raise ProviderTimeout(PROVIDER, "no session.begin") from None

    def begin(self) -> Sequence[Frame]:
        """Mark the start of speech."""
        return ('{"event": "speech_start"}',)

    def audio(self, pcm: bytes) -> Sequence[Frame]:
        """Sound travels as binary frames."""
        return (pcm,)

    def settle(self) -> Sequence[Frame]:
        """Force a final in the middle of the utterance."""
        return ('{"event": "flush"}',)

    def end(self) -> Sequence[Frame]:
        """Mark the end of speech."""
        return ('{"event": "speech_end"}',)

    def read(self, frame: Frame) -> Heard | None:
        """A transcript, or None for anything else. Raises `ProviderError` for fatal errors."""
        message = parse(frame)
        match message.get("event"):
            case "transcript.partial" | "transcript.final" as event:
                index = message.get("utterance_idx")
                return Heard(
                    text_of(message.get("text")),
                    is_final=event == "transcript.final",
                    index=index if isinstance(index, int) else None,
                    language=text_of(message.get("language")) or None,
                )
            case "error" if message.get("is_fatal", True):
                raise from_event(PROVIDER, message.get("code"), message.get("status_code"))
            case _:
                return None
