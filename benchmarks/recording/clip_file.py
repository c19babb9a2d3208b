"""Writing a clip, and measuring what was written: every time in the manifest is of the file."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import av

from benchmarks.clips import CLIPS_DIR, MANIFEST, RATE_HZ, ClipRecord, Pause, PauseKind
from benchmarks.codec import through_opus
from benchmarks.recording.room import longest_silences
from cli.caller.clip import Samples, find_speech
from sandbox.speech_gate import measure_voiced_ms

_PER_MS: Final = RATE_HZ // 1000
_PRE_ROLL_MS: Final = 300
"""Sound from before the speech that a recogniser is given with it."""


@dataclass(frozen=True)
class MeantPause:
    """`words`: how many words of the text come before it."""

    words: int
    length_ms: int
    kind: PauseKind


@dataclass(frozen=True)
class ClipFacts:
    """What nobody can measure."""

    name: str
    kind: str
    text: str
    licence: str
    origin: str
    language: str = "en-IN"
    tags: tuple[str, ...] = ()
    pauses: tuple[MeantPause, ...] = ()


def record(
    samples: Samples, facts: ClipFacts, *, speech: tuple[int, int] | None = None
) -> ClipRecord:
    """Write it and measure the file. `speech`: first and last sample, where noise hides them."""
    path = CLIPS_DIR / f"{facts.name}.flac"
    write_flac(path, samples)
    found = speech or find_speech(samples, RATE_HZ)
    if found is None:
        raise ValueError(f"{path}: no speech")
    return ClipRecord(
        file=path.name,
        text=facts.text,
        language=facts.language,
        kind=facts.kind,
        speech_start_ms=found[0] // _PER_MS,
        speech_end_ms=(found[1] + 1) // _PER_MS,
        voiced_ms=_voiced_ms(samples, found),
        licence=facts.licence,
        origin=facts.origin,
        tags=facts.tags,
        pauses=tuple(_measure_pauses(samples, facts)),
    )


def _voiced_ms(samples: Samples, speech: tuple[int, int]) -> int:
    """Of the utterance alone: a noisy place is voiced also before and after it."""
    utterance = slice(max(0, speech[0] - _PRE_ROLL_MS * _PER_MS), speech[1] + 1)
    return measure_voiced_ms(through_opus(samples, RATE_HZ)[utterance], RATE_HZ)


def _measure_pauses(samples: Samples, facts: ClipFacts) -> Iterable[Pause]:
    """The pauses that were meant are the longest silences, in order."""
    heard = through_opus(samples, RATE_HZ)
    inner = longest_silences(samples, len(facts.pauses))
    words = facts.text.split()
    for (start, end), meant in zip(inner, facts.pauses, strict=True):
        yield Pause(
            start_ms=start // _PER_MS,
            end_ms=end // _PER_MS,
            words_before=" ".join(words[: meant.words]),
            voiced_before_ms=measure_voiced_ms(heard[: (start + end) // 2], RATE_HZ),
            kind=meant.kind,
        )


def write_flac(path: Path, samples: Samples) -> None:
    """The samples as they are, in half the space."""
    with av.open(str(path), "w", format="flac") as out:
        stream = out.add_stream("flac", rate=RATE_HZ, layout="mono", format="s16")
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def write_manifest(records: Iterable[ClipRecord], path: Path = MANIFEST) -> None:
    """JSON's strings and numbers are TOML's."""
    lines = ["# Written by `python -m benchmarks.record_clips`; times are measured in the files."]
    for entry in records:
        lines += ["", "[[clip]]"]
        fields = ((field, value) for field, value in vars(entry).items() if value != ())
        lines += [f"{field} = {_toml(value)}" for field, value in fields]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: object) -> str:
    if not isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    if not isinstance(value[0], Pause):
        return json.dumps(value)
    return "\n".join(("[", *(f"    {_inline_table(pause)}," for pause in value), "]"))


def _inline_table(pause: Pause) -> str:
    fields = (f"{field} = {_toml(value)}" for field, value in asdict(pause).items())
    return "{ " + ", ".join(fields) + " }"
