"""One Whisper model and the single thread that runs it, for every connection."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

import ctranslate2  # type: ignore[import-untyped]
import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from sandbox.ports import EngineError

Sound = NDArray[np.float32]
"""Mono at 16 kHz, -1 to 1."""

RATE_HZ = 16000
_MAX_WAITING = 64
_LONGEST_S = 28
"""The model hears at most 30 s; a longer utterance is decoded in parts."""
_SHORTEST_CONTEXT_S = 8
_ROOM_AFTER_S = 4
"""Silence appended to the sound. The full 30 s of the model costs 0.5 s on one core whatever the
sound; 8 s cost a quarter of it, and below that it begins to repeat itself (measured)."""
_TOKENS_A_SECOND = 7
_NO_SPEECH = 0.6
_UNLIKELY = -1.0


class Priority(IntEnum):
    FINAL = 0
    PARTIAL = 1


@dataclass(order=True)
class _Job:
    priority: Priority
    number: int
    sound: Sound = field(compare=False)
    text: asyncio.Future[str] = field(compare=False)


class Decoder:
    """Decodes in the order of priority, then of asking."""

    def __init__(self, model: WhisperModel) -> None:
        self._model = model
        self._jobs: asyncio.PriorityQueue[_Job] = asyncio.PriorityQueue(_MAX_WAITING)
        self._numbers = itertools.count()
        tokenizer = model.hf_tokenizer
        self._prompt = [
            tokenizer.token_to_id("<|startoftranscript|>"),
            tokenizer.token_to_id("<|notimestamps|>"),
        ]

    @classmethod
    @asynccontextmanager
    async def open(cls, model_path: Path) -> AsyncIterator["Decoder"]:
        with ThreadPoolExecutor(1, thread_name_prefix="whisper") as thread:
            loop = asyncio.get_running_loop()
            model = await loop.run_in_executor(thread, _load, model_path)
            decoder = cls(model)
            await loop.run_in_executor(thread, decoder._decode, np.zeros(RATE_HZ, np.float32))
            running = asyncio.create_task(decoder._run(thread))
            try:
                yield decoder
            finally:
                running.cancel()
                await asyncio.wait((running,))

    async def decode(self, sound: Sound, priority: Priority) -> str:
        """The words in the sound. A partial that finds the queue full is dropped: empty text."""
        if priority is Priority.PARTIAL and self._jobs.full():
            return ""
        text: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        await self._jobs.put(_Job(priority, next(self._numbers), sound, text))
        return await text

    async def _run(self, thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while True:
            job = await self._jobs.get()
            if job.text.cancelled():
                continue
            try:
                text = await loop.run_in_executor(thread, self._decode, job.sound)
            except RuntimeError as exc:
                if not job.text.cancelled():
                    error = EngineError("recognition failed")
                    error.__cause__ = exc
                    job.text.set_exception(error)
                continue
            if not job.text.cancelled():
                job.text.set_result(text)

    def _decode(self, sound: Sound) -> str:
        size = _LONGEST_S * RATE_HZ
        parts = (sound[start : start + size] for start in range(0, sound.size, size))
        return " ".join(text for text in map(self._decode_part, parts) if text)

    def _decode_part(self, sound: Sound) -> str:
        sound_s = sound.size / RATE_HZ
        most_tokens = 8 + int(sound_s * _TOKENS_A_SECOND)
        context_s = min(30.0, max(_SHORTEST_CONTEXT_S, sound_s + _ROOM_AFTER_S))
        padded = np.zeros(int(context_s * RATE_HZ), np.float32)
        padded[: sound.size] = sound
        mel = self._model.feature_extractor(padded, padding=160)
        mel = np.ascontiguousarray(mel[:, : mel.shape[1] // 2 * 2][None], np.float32)
        encoded = self._model.model.encode(ctranslate2.StorageView.from_array(mel))
        result = self._model.model.generate(
            encoded,
            [self._prompt],
            beam_size=1,
            max_length=len(self._prompt) + most_tokens,
            no_repeat_ngram_size=4,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        if result.no_speech_prob > _NO_SPEECH and result.scores[0] < _UNLIKELY:
            return ""
        return str(self._model.hf_tokenizer.decode(result.sequences_ids[0])).strip()


def _load(model_path: Path) -> WhisperModel:
    return WhisperModel(
        str(model_path), device="cpu", compute_type="int8", cpu_threads=1, num_workers=1
    )
