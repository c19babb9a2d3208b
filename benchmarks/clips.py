"""The recorded clips: their manifest, and reading them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from cli.caller.clip import Clip, read_clip

CLIPS_DIR: Final = Path(__file__).parent / "clips"
MANIFEST: Final = CLIPS_DIR / "clips.toml"
RATE_HZ: Final = 16_000
KINDS: Final = ("question", "paused", "barge_in", "backchannel", "cough", "noise", "marker")
TAGS: Final = frozenset(
    "human natural_pause fast slow telephone hindi mixed digits "
    "babble hum street snr_15 snr_10 snr_5 throat knock click laugh".split()
)

PauseKind = Literal["unfinished", "complete"]


@dataclass(frozen=True)
class Pause:
    """A silence inside a clip's sentence.

    `start_ms`, `end_ms`: by energy, in the file. `words_before`: all that was said until then.
    `voiced_before_ms`: as a clip's `voiced_ms`, until then. `kind`: whether `words_before`
    could be the whole of a sentence.
    """

    start_ms: int
    end_ms: int
    words_before: str
    voiced_before_ms: int
    kind: PauseKind

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True)
class ClipRecord:
    """One entry of the manifest.

    `speech_start_ms`, `speech_end_ms`: first and last sample of speech, by energy. `voiced_ms`:
    its voiced time as the scripted recogniser counts it behind the codec. `text` is what is
    said, "" for sounds. `pauses` are those that were meant, in order.
    """

    file: str
    text: str
    language: str
    kind: str
    speech_start_ms: int
    speech_end_ms: int
    voiced_ms: int
    licence: str
    origin: str
    tags: tuple[str, ...] = ()
    pauses: tuple[Pause, ...] = ()

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return Path(self.file).stem

    @property
    def speech_ms(self) -> int:
        return self.speech_end_ms - self.speech_start_ms


def load_clips(manifest: Path = MANIFEST) -> list[ClipRecord]:
    """Raises OSError, or ValueError when an entry lacks a field or has an unknown one."""
    with manifest.open("rb") as file:
        entries: list[dict[str, Any]] = tomllib.load(file)["clip"]
    try:
        return [_record(**entry) for entry in entries]
    except TypeError as exc:
        raise ValueError(f"{manifest}: {exc}") from exc


def _record(
    *, tags: list[str] | None = None, pauses: list[dict[str, Any]] | None = None, **fields: Any
) -> ClipRecord:
    inner = tuple(Pause(**pause) for pause in pauses or ())
    return ClipRecord(**fields, tags=tuple(tags or ()), pauses=inner)


def clips_of(kind: str) -> list[ClipRecord]:
    return [record for record in load_clips() if record.kind == kind]


def read(record: ClipRecord) -> Clip:
    """The sound, with the speech where the manifest says it is. Raises ClipError."""
    clip = read_clip(CLIPS_DIR / record.file, RATE_HZ)
    per_ms = RATE_HZ // 1000
    first, last = record.speech_start_ms * per_ms, record.speech_end_ms * per_ms - 1
    return Clip(record.file, clip.samples, RATE_HZ, first, last)
