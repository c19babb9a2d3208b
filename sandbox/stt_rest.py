"""Sarvam's recognition call: ``POST /speech-to-text``, one file of at most 30 s."""

from typing import Any

from aiohttp import web

from sandbox import languages, pcm
from sandbox.audio_file import decode_file
from sandbox.auth import require_key
from sandbox.backstage import BACKSTAGE, Backstage
from sandbox.ports import Samples, Transcript
from sandbox.record import Received
from sandbox.refusals import invalid, new_request_id
from sandbox.speech_gate import measure_voiced_ms
from sandbox.stt_options import MODES, ConfigError, check_keyterms, require_choice

_MODELS = ("saaras:v3", "saaras:v4")
_RATE_HZ = 16000
_OVER_MS = 1000
"""The silence after a file: nothing of it is still to come."""
_MAX_AUDIO_S = 30


async def handle(request: web.Request) -> web.StreamResponse:
    backstage = request.app[BACKSTAGE]
    received = backstage.record(request)
    require_key(request, backstage.script)
    if not request.content_type.startswith("multipart/"):
        raise invalid("The body must be multipart/form-data", 422)
    form = await request.post()
    try:
        language = _check_fields(form)
        samples = decode_file(_read_file(form, received), _RATE_HZ)
    except (ConfigError, pcm.AudioError) as exc:
        raise invalid(str(exc)) from exc
    if samples.size > _MAX_AUDIO_S * _RATE_HZ:
        raise invalid(f"Audio is longer than {_MAX_AUDIO_S} seconds; use the batch API")
    transcript = await _transcribe(backstage, samples, language)
    return web.json_response(
        {
            "request_id": new_request_id(),
            "transcript": transcript.text,
            "language_code": transcript.language,
            "language_probability": transcript.confidence,
        }
    )


def _check_fields(form: Any) -> str:
    """The language; raises ConfigError."""
    model = require_choice("model", form.get("model", _MODELS[0]), _MODELS)
    require_choice("mode", form.get("mode", MODES[0]), MODES)
    check_keyterms(str(form.get("keyterms", "null")), model)
    language = str(form.get("language_code", "unknown"))
    if language not in languages.STT_LEGACY:
        raise ConfigError(f"language_code {language!r} is not supported")
    return language


def _read_file(form: Any, received: Received) -> bytes:
    file = form.get("file")
    if not isinstance(file, web.FileField):
        raise ConfigError("file is required")
    data = file.file.read()
    received.add_audio(len(data))
    return data


async def _transcribe(backstage: Backstage, samples: Samples, language: str) -> Transcript:
    transcriber = backstage.providers.recogniser.open(language, _RATE_HZ)
    try:
        transcriber.hear(samples, measure_voiced_ms(samples, _RATE_HZ), _OVER_MS)
        if not transcriber.has_pending():
            return Transcript("", "en-IN" if language == "unknown" else language)
        return await transcriber.cut()()
    finally:
        transcriber.close()
