"""Recorded clips as a caller speaks them, and as the scripted recogniser hears them."""

from typing import Final

from benchmarks.clips import ClipRecord, load_clips, read
from cli.caller.clip import Clip
from sandbox.script import Utterance

_RECORDS: Final = {record.file: record for record in load_clips()}

OPENING_HOURS: Final = _RECORDS["question_opening_hours.wav"]
BOOK_TABLE: Final = _RECORDS["question_book_table.wav"]
COUGH: Final = _RECORDS["cough.wav"]
MM_HM: Final = _RECORDS["backchannel_mm_hm.wav"]


def clip_named(file: str) -> ClipRecord:
    """Any of the recorded ones."""
    return _RECORDS[file]


def spoken(record: ClipRecord) -> Clip:
    """The sound to play."""
    return read(record)


def heard(record: ClipRecord) -> Utterance:
    """What is recognised of it, word by word as it is spoken; nothing in a mere sound."""
    return Utterance(record.text, speech_ms=record.voiced_ms if record.text else None)
