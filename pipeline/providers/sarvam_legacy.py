"""Sarvam's legacy recognition: finals only, flushed by us."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from core.setting_groups import SarvamSettings
from pipeline.audio import CALLER_RATE_HZ
from pipeline.ports import Final as FinalTranscript
from pipeline.ports import Partial
from pipeline.providers.sarvam_errors import from_event
from pipeline.providers.sarvam_socket import (
    PROVIDER,
    RecognitionOptions,
    Transport,
    client_of,
    opened,
    parse,
)

LEGACY_MODELS: Final = ("saaras:v4", "saaras:v3")
_SILENCE: Final = bytes(CALLER_RATE_HZ // 10 * 2)


class LegacyDialect:
    """`/speech-to-text/ws`: finals only. Flushed by us; its own silence window is a fallback."""

    name = "legacy"

    def __init__(self, settings: SarvamSettings, options: RecognitionOptions) -> None:
        self._settings = settings
        self._options = options

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Transport]:
        """Open it."""
        model = self._options.model
        channel = client_of(self._settings).speech_to_text_streaming.connect(
            language_code=self._options.language.stt_code(realtime=False),
            model=model if model in LEGACY_MODELS else LEGACY_MODELS[0],
            sample_rate=str(CALLER_RATE_HZ),
            flush_signal="true",
            input_audio_codec="pcm_s16le",
        )
        async with opened(channel, self._settings.connect_timeout_s) as transport:
            yield transport

    def begin(self, pre_roll: bytes) -> list[str | bytes]:
        """Only sound: the protocol has no mark for the start."""
        return self.audio(pre_roll)

    def audio(self, pcm: bytes) -> list[str | bytes]:
        """Raw PCM travels under the label audio/wav: the only one that the service takes."""
        data = base64.b64encode(pcm).decode("ascii")
        audio = {"data": data, "sample_rate": CALLER_RATE_HZ, "encoding": "audio/wav"}
        return [json.dumps({"audio": audio})]

    def settle(self) -> list[str | bytes]:
        """Ask for a final."""
        return ['{"type": "flush"}']

    def end(self) -> list[str | bytes]:
        """Nothing: the last flush ended it."""
        return []

    def keep_alive(self) -> list[str | bytes]:
        """Silence: the protocol has no ping."""
        return self.audio(_SILENCE)

    def read(self, message: str | bytes) -> Partial | FinalTranscript | None:
        """A transcript, or None for anything else. Raises `ProviderError` for errors."""
        data = parse(message)
        body = data.get("data") if isinstance(data.get("data"), dict) else {}
        assert isinstance(body, dict)
        if data.get("type") in ("error", "errors") or "error" in data:
            raise from_event(PROVIDER, body.get("code", data.get("code")))
        if data.get("type") == "data":
            return FinalTranscript(str(body.get("transcript") or ""), body.get("language_code"))
        return None
