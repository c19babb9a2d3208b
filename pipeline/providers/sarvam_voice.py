"""Text to speech over Sarvam's sockets: raw PCM at 24 kHz, a spare socket always warm.

spare ─speak─▶ one reply ─all flushes answered─▶ spare again
                   └─cut off─▶ dropped in the background: the protocol has no cancel
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from core.errors import ProviderBusy, ProviderError
from core.setting_groups import SarvamSettings
from core.supervision import Tasks
from pipeline.audio import AGENT_RATE_HZ
from pipeline.faults import FaultKind, Faults
from pipeline.providers.sarvam_socket import Socket, Wire
from pipeline.providers.sarvam_spare import Spare
from pipeline.providers.sarvam_speech import PROVIDER, SarvamSpeech, SpeakerRefused, is_stray
from pipeline.providers.sarvam_wire import dial_directly
from pipeline.served import served_at_hand
from pipeline.word_ends import Pace

MIN_BUFFER_CHARS: Final = 30
"""The least that the service allows: synthesis of unflushed text starts as early as it can."""
BUSY_WAITS_S: Final = (0.3, 0.7)
"""Before a service that has no place for us is asked again: a socket that we dropped may be gone
by then."""
V2_MODEL: Final = "bulbul:v2"
V4_MODEL: Final = "bulbul:v4-flash"
_KEEP_ALIVE: Final = ('{"type": "ping"}',)

Dial = Callable[[], Awaitable[Wire]]


@dataclass(frozen=True, slots=True)
class VoiceOptions:
    """Who speaks. `default_speaker` takes over where `speaker` is refused. `service` tells one
    server of this protocol from another: their voices differ."""

    model: str
    speaker: str
    language: str
    default_speaker: str
    service: str = ""


class SarvamVoice:
    """Implements `pipeline.ports.Voice`; use `opened`. `on_substitute` is told of the speaker
    that took over for good when the wanted one was refused."""

    def __init__(
        self,
        options: VoiceOptions,
        dial: Dial,
        *,
        answer_timeout_s: float,
        on_substitute: Callable[[str], None],
        faults: Faults | None = None,
    ) -> None:
        self._options = options
        self._dial = dial
        self._answer_timeout_s = answer_timeout_s
        self._on_substitute = on_substitute
        self._faults = faults or Faults()
        self._speaker = options.speaker
        self._pace = Pace()
        self._spare: Spare

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        settings: SarvamSettings,
        options: VoiceOptions,
        on_substitute: Callable[[str], None],
        faults: Faults,
    ) -> AsyncIterator["SarvamVoice"]:
        """Keep a spare socket warm; sockets are closed on leaving. Those that break while they
        speak are put down in `faults`."""
        options = replace(options, service=settings.ws_url)
        path = "/text-to-speech/ws/v2" if options.model == V4_MODEL else "/text-to-speech/ws"
        address = f"{path}?model={options.model}&send_completion_event=true"
        voice = cls(
            options,
            lambda: dial_directly(settings, address, PROVIDER),
            answer_timeout_s=settings.answer_timeout_s,
            on_substitute=on_substitute,
            faults=faults,
        )
        async with voice.kept_warm():
            yield voice

    @asynccontextmanager
    async def kept_warm(self) -> AsyncIterator[None]:
        """Keep a spare until the end of the block; replies can do without it."""
        async with Tasks.owned(lambda _name, _error: None) as tasks:
            self._spare = Spare(self._connect, is_stray, tasks)
            self._spare.warm()
            try:
                yield
            finally:
                await self._spare.close()

    @property
    def manner(self) -> str:
        """The service, and all that it is told before the text."""
        return (
            f"{PROVIDER} {self._options.service} {self._options.model} {json.dumps(self._config())}"
        )

    @asynccontextmanager
    async def speak(self) -> AsyncIterator[SarvamSpeech]:
        """Take the spare for one reply. Raises `ProviderError` where no socket can be had."""
        socket = await self._spare.take()
        self._spare.warm()
        self._note_speaker()
        speech = SarvamSpeech(
            socket,
            self._replace,
            self._pace,
            timeout_s=self._answer_timeout_s,
        )
        try:
            yield speech
        finally:
            if speech.is_clean:
                self._spare.offer(speech.socket)
            else:
                self._spare.close_later(speech.socket)

    async def _replace(self, broken: Socket, exc: ProviderError) -> Socket:
        """A new socket for a reply whose socket broke, with the default speaker if need be."""
        self._spare.close_later(broken)
        self._faults.add(FaultKind.VOICE_LOST, provider=exc.provider, reason=exc.reason)
        if isinstance(exc, SpeakerRefused):
            if self._speaker == self._options.default_speaker:
                raise exc
            self._speaker = self._options.default_speaker
            self._on_substitute(self._speaker)
            self._spare.drop()
            self._note_speaker()
        socket = await self._spare.take(must_answer=True)
        self._spare.warm()
        return socket

    def _note_speaker(self) -> None:
        served = served_at_hand()
        served.tts_model, served.speaker = self._options.model, self._speaker

    async def _connect(self) -> Socket:
        """A configured socket. Raises `ProviderError`."""
        for wait_s in (*BUSY_WAITS_S, None):
            try:
                socket = Socket(await self._dial(), PROVIDER, _KEEP_ALIVE)
            except ProviderBusy:
                if wait_s is None:
                    raise
                await asyncio.sleep(wait_s)
            else:
                socket.post(json.dumps(self._config()))
                return socket
        raise AssertionError("the last attempt raises")

    def _config(self) -> dict[str, Any]:
        """Both language fields: older and newer servers read different ones. Later models always
        read numbers and mixed languages by rule, v2 when asked to."""
        language = self._options.language
        data: dict[str, Any] = {
            "language_code": language,
            "target_language_code": language,
            "speaker": self._speaker,
            "speech_sample_rate": AGENT_RATE_HZ,
            "output_audio_codec": "linear16",
            "min_buffer_size": MIN_BUFFER_CHARS,
        }
        if self._options.model == V2_MODEL:
            data["enable_preprocessing"] = True
        return {"type": "config", "data": data}
