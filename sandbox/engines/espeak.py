"""Speech by an ``espeak-ng`` program found on PATH: one short process a line."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import suppress

import numpy as np

from sandbox.engines.audio_shape import Shaper, trim_start
from sandbox.engines.timbre import find_timbre
from sandbox.pcm import AudioError, read_wav
from sandbox.ports import EngineError, Samples, SpokenLine

_TIMEOUT_S = 20.0
_WORDS_A_MINUTE = 165


def find_program() -> str | None:
    return shutil.which("espeak-ng")


class EspeakVoice:
    def __init__(self, program: str) -> None:
        self._program = program

    async def speak(self, line: SpokenLine) -> AsyncGenerator[Samples]:
        """Raises EngineError when the program fails."""
        timbre = find_timbre(line)
        wav = await self._run(line.text, round(_WORDS_A_MINUTE / timbre.length_scale))
        try:
            samples, rate_hz = read_wav(wav)
        except AudioError as exc:
            raise EngineError("espeak-ng gave no audio") from exc
        shaper = Shaper(rate_hz, line.rate_hz, pitch=timbre.pitch, loudness=line.loudness)
        shaped = shaper.shape(trim_start(samples, rate_hz))
        yield np.concatenate((shaped, shaper.finish()))

    async def _run(self, text: str, words_a_minute: int) -> bytes:
        process = await asyncio.create_subprocess_exec(
            self._program,
            "--stdout",
            "--stdin",
            f"-s{words_a_minute}",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                out, _ = await process.communicate(text.encode())
        except TimeoutError as exc:
            raise EngineError("espeak-ng does not answer") from exc
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return out
