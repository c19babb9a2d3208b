"""Sarvam's realtime recognition: partials, and finals when we say so (manual endpointing)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from websockets.exceptions import ConnectionClosed

from core.errors import ProviderTimeout
from core.setting_groups import SarvamSettings
from pipeline.audio import CALLER_RATE_HZ
from pipeline.ports import Final as FinalTranscript
from pipeline.ports import Partial
from pipeline.providers.sarvam_errors import from_close, from_event
from pipeline.providers.sarvam_socket import (
    PROVIDER,
    RecognitionOptions,
    Transport,
    client_of,
    opened,
    parse,
)

REALTIME_MODELS: Final = ("saaras:v3-realtime", "saaras:v4")


class RealtimeDialect:
    """`/speech-to-text-realtime/ws` with manual endpointing: we say when speech is over."""

    name = "realtime"

    def __init__(self, settings: SarvamSettings, options: RecognitionOptions) -> None:
        self._settings = settings
        self._options = options

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Transport]:
        """Open it; accepted only when the session has begun, as refusals may come as a close."""
        model = self._options.model
        channel = client_of(self._settings).speech_to_text_realtime_streaming.connect(
            language_code=self._options.language.stt_code(realtime=True),
            model=model if model in REALTIME_MODELS else REALTIME_MODELS[0],
            stream_type="fast",
            endpointing="manual",
            encoding="linear16",
            sample_rate=str(CALLER_RATE_HZ),
        )
        async with opened(channel, self._settings.connect_timeout_s) as transport:
            await self._begun(transport)
            yield transport

    async def _begun(self, transport: Transport) -> None:
        try:
            async with asyncio.timeout(self._settings.connect_timeout_s):
                while parse(await transport.recv()).get("event") != "session.begin":
                    pass
        except TimeoutError as exc:
            raise ProviderTimeout(PROVIDER, "no session.begin") from exc
        except ConnectionClosed as exc:
            raise from_close(PROVIDER, exc.rcvd.code if exc.rcvd else None) from None

    def begin(self, pre_roll: bytes) -> list[str | bytes]:
        """Mark the start of speech, then what was heard just before."""
        return ['{"event": "speech_start"}', pre_roll]

    def audio(self, pcm: bytes) -> list[str | bytes]:
        """Sound travels as binary frames."""
        return [pcm]

    def settle(self) -> list[str | bytes]:
        """Force a final in the middle of the utterance."""
        return ['{"event": "flush"}']

    def end(self) -> list[str | bytes]:
        """Mark the end of speech."""
        return ['{"event": "speech_end"}']

    def keep_alive(self) -> list[str | bytes]:
        """Reset the server's inactivity timer."""
        return ['{"event": "ping"}']

    def read(self, message: str | bytes) -> Partial | FinalTranscript | None:
        """A transcript, or None for anything else. Raises `ProviderError` for fatal errors."""
        data = parse(message)
        text = str(data.get("text") or "")
        match data.get("event"):
            case "transcript.partial":
                return Partial(text)
            case "transcript.final":
                return FinalTranscript(text, data.get("language"))
            case "error" if data.get("is_fatal", True):
                raise from_event(PROVIDER, data.get("code"), data.get("status_code"))
            case _:
                return None
