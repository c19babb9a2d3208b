"""Sarvam's legacy recognition: finals only, flushed by us."""

import base64
import json
from collections.abc import Sequence
from typing import Final

from core.setting_groups import SarvamSettings
from pipeline.audio import CALLER_RATE_HZ
from pipeline.providers.sarvam_dialect import PROVIDER, Heard, RecognitionOptions, parse, text_of
from pipeline.providers.sarvam_errors import from_event
from pipeline.providers.sarvam_socket import Frame, Socket, Wire
from pipeline.providers.sarvam_wire import client_of, dial

LEGACY_MODELS: Final = ("saaras:v4", "saaras:v3")
_SILENCE: Final = bytes(CALLER_RATE_HZ // 10 * 2)


class LegacyDialect:
    """`/speech-to-text/ws`: finals only. Flushed by us; its own silence window is a fallback."""

    name = "legacy"
    has_telling_finals = True  # each says how long it took

    def __init__(self, settings: SarvamSettings, options: RecognitionOptions) -> None:
        self._settings = settings
        self._options = options

    async def dial(self) -> Wire:
        """Open a connection; the handshake's status tells whether it is accepted."""
        model = self._options.model
        channel = client_of(self._settings).speech_to_text_streaming.connect(
            language_code=self._options.language.stt_code(realtime=False),
            model=model if model in LEGACY_MODELS else LEGACY_MODELS[0],
            sample_rate=str(CALLER_RATE_HZ),
            flush_signal="true",
            input_audio_codec="pcm_s16le",
        )
        return await dial(channel, PROVIDER, self._settings.connect_timeout_s)

    async def connect(self) -> Socket:
        """It has no ping message: silence keeps it alive."""
        return Socket(await self.dial(), PROVIDER, keep_alive=self.audio(_SILENCE))

    def begin(self) -> Sequence[Frame]:
        """Nothing: the protocol has no mark for the start."""
        return ()

    def audio(self, pcm: bytes) -> Sequence[Frame]:
        """Raw PCM travels under the label audio/wav: the only one that the service takes."""
        data = base64.b64encode(pcm).decode("ascii")
        audio = {"data": data, "sample_rate": CALLER_RATE_HZ, "encoding": "audio/wav"}
        return (json.dumps({"audio": audio}),)

    def settle(self) -> Sequence[Frame]:
        """Ask for a final."""
        return ('{"type": "flush"}',)

    def end(self) -> Sequence[Frame]:
        """Nothing: the last flush ended it."""
        return ()

    def read(self, frame: Frame) -> Heard | None:
        """A transcript, or None for anything else. Raises `ProviderError` for errors."""
        message = parse(frame)
        data = message.get("data")
        body = data if isinstance(data, dict) else {}
        if message.get("type") in ("error", "errors") or message.get("error"):
            raise from_event(PROVIDER, body.get("code", message.get("code")))
        if message.get("type") != "data":
            return None
        language = text_of(body.get("language_code")) or None
        return Heard(text_of(body.get("transcript")), is_final=True, language=language)
