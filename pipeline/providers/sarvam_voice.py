"""Text to speech over Sarvam's sockets: raw PCM at 24 kHz, a spare socket always warm.

spare ─speak─▶ one reply ─all flushes answered─▶ spare again
                   └─cut off─▶ dropped in the background: the protocol has no cancel
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from core.errors import ProviderClosed, ProviderError, ProviderTimeout
from core.setting_groups import SarvamSettings
from pipeline.audio import AGENT_RATE_HZ
from pipeline.providers.http_errors import from_status
from pipeline.providers.sarvam_speech import (
    PROVIDER,
    RetryingSpeech,
    SarvamSpeech,
    SpeakerRefused,
)

log = logging.getLogger(__name__)

KEEP_ALIVE_S: Final = 20.0
"""The service closes sockets that are idle for 60 s."""
MAX_MESSAGE_BYTES: Final = 4 << 20
MIN_BUFFER_CHARS: Final = 30
"""The least that the service allows: synthesis of unflushed text starts as early as it can."""
V2_MODEL: Final = "bulbul:v2"
V4_MODEL: Final = "bulbul:v4-flash"


@dataclass(frozen=True, slots=True)
class VoiceOptions:
    """Who speaks. `default_speaker` takes over where `speaker` is refused."""

    model: str
    speaker: str
    language: str
    default_speaker: str


class SarvamVoice:
    """Implements `pipeline.ports.Voice`; use `opened`. `on_substitute` is told of the speaker
    that took over for good when the wanted one was refused."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        settings: SarvamSettings,
        options: VoiceOptions,
        on_substitute: Callable[[str], None],
    ) -> None:
        self._http = http
        self._settings = settings
        self._options = options
        self._speaker = options.speaker
        self._on_substitute = on_substitute
        self._spare: asyncio.Task[aiohttp.ClientWebSocketResponse] | None = None
        self._closing: set[asyncio.Task[Any]] = set()

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        http: aiohttp.ClientSession,
        settings: SarvamSettings,
        options: VoiceOptions,
        on_substitute: Callable[[str], None],
    ) -> AsyncIterator["SarvamVoice"]:
        """Keep a spare socket warm; sockets are closed on leaving, `http` is the caller's."""
        voice = cls(http, settings, options, on_substitute)
        voice._warm()
        keeping = asyncio.create_task(voice._keep_alive(), name="voice-keep-alive")
        try:
            yield voice
        finally:
            keeping.cancel()
            voice._drop_spare()
            await asyncio.wait({keeping, *voice._closing})

    @asynccontextmanager
    async def speak(self) -> AsyncIterator[RetryingSpeech]:
        """Take the spare for one reply. Raises `ProviderError` where no socket can be had."""
        speech = RetryingSpeech(await self._take(), self._replace)
        try:
            yield speech
        finally:
            self._give_back(speech.present)

    async def _take(self) -> SarvamSpeech:
        """The spare, or a new socket where the spare could not be had or has been closed."""
        spare, self._spare = self._spare, None
        socket: aiohttp.ClientWebSocketResponse | None = None
        if spare is not None:
            try:
                socket = await spare
            except ProviderError as exc:
                log.info("voice.spare_lost", extra={"reason": exc.reason})
        if socket is None or socket.closed:
            socket = await self._connect()
        self._warm()
        return SarvamSpeech(
            socket,
            language=self._options.language,
            timeout_s=self._settings.answer_timeout_s,
        )

    async def _replace(self, broken: SarvamSpeech, exc: ProviderError) -> SarvamSpeech:
        """A new socket for a reply whose socket broke, with the default speaker if need be."""
        self._close_later(broken.socket)
        if isinstance(exc, SpeakerRefused):
            if self._speaker == self._options.default_speaker:
                raise exc
            self._speaker = self._options.default_speaker
            self._on_substitute(self._speaker)
            self._drop_spare()
        return await self._take()

    def _give_back(self, speech: SarvamSpeech) -> None:
        if not speech.is_clean:
            self._close_later(speech.socket)
            return
        self._drop_spare()
        self._spare = asyncio.create_task(_ready(speech.socket), name="voice-spare")

    def _warm(self) -> None:
        if self._spare is None:
            self._spare = asyncio.create_task(self._connect(), name="voice-spare")
            self._spare.add_done_callback(_retrieve)

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        """A configured socket. Raises `ProviderError`."""
        path = "/text-to-speech/ws/v2" if self._options.model == V4_MODEL else "/text-to-speech/ws"
        try:
            async with asyncio.timeout(self._settings.connect_timeout_s):
                socket = await self._http.ws_connect(
                    f"{self._settings.ws_url}{path}",
                    params={"model": self._options.model, "send_completion_event": "true"},
                    headers={"api-subscription-key": self._settings.api_key.get_secret_value()},
                    max_msg_size=MAX_MESSAGE_BYTES,
                    autoclose=True,
                )
                await socket.send_json(self._config())
        except TimeoutError as exc:
            raise ProviderTimeout(PROVIDER, "handshake") from exc
        except aiohttp.WSServerHandshakeError as exc:
            raise from_status(PROVIDER, exc.status) from None
        except (OSError, aiohttp.ClientError) as exc:
            raise ProviderClosed(PROVIDER, f"no connection: {type(exc).__name__}") from None
        return socket

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

    async def _keep_alive(self) -> None:
        """Ping the spare; one that is gone is made anew."""
        while True:
            await asyncio.sleep(KEEP_ALIVE_S)
            spare = self._spare
            if spare is None or not spare.done():
                continue
            if spare.cancelled() or spare.exception() or spare.result().closed:
                self._drop_spare()
                self._warm()
            else:
                await spare.result().send_str('{"type": "ping"}')

    def _drop_spare(self) -> None:
        spare, self._spare = self._spare, None
        if spare is None:
            return
        if spare.done() and not spare.cancelled() and spare.exception() is None:
            self._close_later(spare.result())
        else:
            spare.cancel()

    def _close_later(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        task = asyncio.create_task(socket.close(), name="voice-close")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _ready(
    socket: aiohttp.ClientWebSocketResponse,
) -> aiohttp.ClientWebSocketResponse:
    return socket


def _retrieve(task: asyncio.Task[Any]) -> None:
    """A spare that failed and that nobody took is no unretrieved error."""
    if not task.cancelled():
        task.exception()
