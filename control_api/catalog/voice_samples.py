"""Short spoken samples of voices: made by the provider once, then kept in the database; those that
are asked for most in memory as well. So all of them together cost what each costs once.
"""

import asyncio
import base64
import binascii
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from aiohttp import web

from control_api.parts import DATABASE, SETTINGS
from control_api.request.errors import ApiError, ErrorCode
from core.catalog import Language, Voice
from core.errors import StoreError
from core.setting_groups import SarvamSettings
from core.supervision import stop_tasks, tell_end
from store.pool import Database
from store.voice_samples import VoiceSampleRepository

_log: Final = logging.getLogger(__name__)

MAX_KEPT_BYTES: Final = 32 * 1024 * 1024
"""In memory; those that were not asked for the longest give way. One is about 300 KiB."""
_MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024
_RATE_HZ: Final = 24_000
_AT_ONCE: Final = 4
"""Samples made at the same time; more wait. The provider serves callers first."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Whose voice, in which language."""

    voice: Voice
    language: Language

    @property
    def key(self) -> tuple[str, str]:
        """Under which it is kept."""
        return self.voice.id, self.language.id

    @property
    def body(self) -> dict[str, Any]:
        """What the provider is asked for."""
        return {
            "text": self.language.sample,
            "target_language_code": self.language.id,
            "speaker": self.voice.speaker or self.voice.id,
            "model": self.voice.tts_model,
            "speech_sample_rate": _RATE_HZ,
            "output_audio_codec": "wav",
        }

    @property
    def made_of(self) -> bytes:
        """Another one, once the catalog has another sentence, speaker or model for it."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).digest()


class VoiceSamples:
    """Makes each sample once, however many ask for it at the same time; `close` it at the end."""

    def __init__(
        self, http: aiohttp.ClientSession, settings: SarvamSettings, database: Database
    ) -> None:
        self._http = http
        self._settings = settings
        self._database = database
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._n_bytes = 0
        self._making: dict[tuple[str, str], asyncio.Task[bytes]] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def get(self, sample: Sample) -> bytes:
        """The sample as WAV. Raises `ApiError` (503) when the provider does not make it."""
        key = sample.key
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._making:
            task = asyncio.create_task(self._find_or_make(sample), name="voice-sample")
            self._making[key] = task
            task.add_done_callback(lambda done: self._made(key, done))
        # Who asked first may leave: the others still wait for it.
        return await asyncio.shield(self._making[key])

    async def close(self) -> None:
        """Give up what is being made."""
        await stop_tasks(list(self._making.values()))

    async def _find_or_make(self, sample: Sample) -> bytes:
        """A database that does not tell costs the provider's work again, and nothing else."""
        key, made_of = sample.key, sample.made_of
        with suppress(StoreError):
            async with self._database.connection() as connection:
                found = await VoiceSampleRepository(connection).find(*key, made_of)
            if found is not None:
                return found
        wav = await self._make(sample)
        try:
            async with self._database.connection() as connection:
                await VoiceSampleRepository(connection).keep(*key, made_of, wav)
        except StoreError as exc:
            extra = {"voice": sample.voice.id, "error": type(exc).__name__}
            _log.warning("voice_sample.not_kept", extra=extra)
        return wav

    async def _make(self, sample: Sample) -> bytes:
        settings = self._settings
        longest_s = settings.connect_timeout_s + settings.answer_timeout_s
        try:
            async with asyncio.timeout(longest_s), self._places:
                return await self._ask(sample)
        except (aiohttp.ClientError, OSError, ValueError, LookupError, TypeError) as exc:
            # Foreign text stays out: it may quote the request.
            extra = {"voice": sample.voice.id, "error": type(exc).__name__}
            _log.warning("voice_sample.failed", extra=extra)
            raise ApiError(
                ErrorCode.PROVIDER_ERROR, "The voice provider did not make the sample."
            ) from None

    async def _ask(self, sample: Sample) -> bytes:
        settings = self._settings
        async with self._http.post(
            f"{settings.api_url.rstrip('/')}/text-to-speech",
            json=sample.body,
            headers=settings.headers,
            allow_redirects=False,
        ) as answer:
            answer.raise_for_status()
            return _wav_of(json.loads(await _bounded(answer)))

    def _made(self, key: tuple[str, str], task: asyncio.Task[bytes]) -> None:
        del self._making[key]
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            # Perhaps nobody waits any more to be told of one that is not expected.
            if not isinstance(error, ApiError):
                tell_end(task.get_name(), error)
            return
        self._kept[key] = task.result()
        self._n_bytes += len(task.result())
        while self._n_bytes > MAX_KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._n_bytes -= len(oldest)


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > _MAX_ANSWER_BYTES:
            raise ValueError("the answer is too large")
    return bytes(body)


def _wav_of(answer: Any) -> bytes:
    """Raises `ValueError`, `LookupError`, `TypeError` for anything but one WAV file."""
    try:
        wav = base64.b64decode(answer["audios"][0], validate=True)
    except binascii.Error:
        raise ValueError("no base64") from None
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise ValueError("no WAV")
    return wav


VOICE_SAMPLES: Final = web.AppKey("voice_samples", VoiceSamples)


async def voice_samples(app: web.Application) -> AsyncIterator[None]:
    """Samples as long as the application runs."""
    async with aiohttp.ClientSession() as http:
        app[VOICE_SAMPLES] = VoiceSamples(http, app[SETTINGS].sarvam, app[DATABASE])
        yield
        await app[VOICE_SAMPLES].close()
