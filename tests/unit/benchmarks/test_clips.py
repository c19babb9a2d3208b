from collections import Counter

import numpy as np
import pytest

from benchmarks.clips import CLIPS_DIR, KINDS, RATE_HZ, TAGS, ClipRecord, load_clips, read
from benchmarks.recording.lines import PAUSE_LENGTHS_MS
from benchmarks.recording.room import longest_silences
from cli.caller.clip import find_speech, read_clip
from sandbox.speech_gate import measure_voiced_ms

CLIPS = load_clips()
NOISY = frozenset(("snr_15", "snr_10", "snr_5"))
MOST_BYTES = 8_000_000
PER_MS = RATE_HZ // 1000


def is_noisy(clip: ClipRecord) -> bool:
    return not NOISY.isdisjoint(clip.tags)


def test_every_file_is_in_the_manifest_and_every_entry_has_its_file() -> None:
    files = {path.name for path in CLIPS_DIR.iterdir() if path.suffix in (".wav", ".flac")}
    assert files == {clip.file for clip in CLIPS}


def test_the_clips_stay_small() -> None:
    assert sum((CLIPS_DIR / clip.file).stat().st_size for clip in CLIPS) < MOST_BYTES


def test_every_kind_and_tag_is_there_and_no_other() -> None:
    assert {clip.kind for clip in CLIPS} == set(KINDS)
    assert {tag for clip in CLIPS for tag in clip.tags} == TAGS


def test_every_clip_names_its_licence_and_origin() -> None:
    assert all(clip.licence and clip.origin for clip in CLIPS)


@pytest.mark.parametrize("kind", ["unfinished", "complete"])
def test_every_length_of_pause_is_met_by_three_sentences(kind: str) -> None:
    lengths = Counter(
        min(PAUSE_LENGTHS_MS, key=lambda length_ms: abs(length_ms - pause.length_ms))
        for clip in CLIPS
        for pause in clip.pauses
        if pause.kind == kind
    )
    assert all(lengths[length_ms] >= 3 for length_ms in PAUSE_LENGTHS_MS)


@pytest.mark.parametrize(
    "record", [clip for clip in CLIPS if not is_noisy(clip)], ids=lambda record: record.file
)
def test_the_manifest_says_where_the_speech_is(record: ClipRecord) -> None:
    samples = read_clip(CLIPS_DIR / record.file, RATE_HZ).samples
    speech = find_speech(samples, RATE_HZ)
    assert speech is not None
    assert speech[0] // PER_MS == record.speech_start_ms
    assert (speech[1] + 1) // PER_MS == record.speech_end_ms
    # What the codec leaves of it; of a click and its echo it makes one sound.
    most = 1.1 if "click" not in record.tags else 2.0
    assert 0.7 < record.voiced_ms / measure_voiced_ms(samples, RATE_HZ) < most


@pytest.mark.parametrize(
    "record", [clip for clip in CLIPS if clip.pauses], ids=lambda record: record.file
)
def test_the_manifest_says_where_the_pauses_are(record: ClipRecord) -> None:
    found = longest_silences(read(record).samples, len(record.pauses))
    assert [(start // PER_MS, end // PER_MS) for start, end in found] == [
        (pause.start_ms, pause.end_ms) for pause in record.pauses
    ]
    for pause in record.pauses:
        assert record.text.startswith(pause.words_before)
        assert record.speech_start_ms < pause.start_ms
        assert pause.end_ms < record.speech_end_ms
        assert 0 < pause.voiced_before_ms < record.voiced_ms


@pytest.mark.parametrize(
    "record", [clip for clip in CLIPS if is_noisy(clip)], ids=lambda record: record.file
)
def test_a_noisy_clip_is_as_noisy_as_its_tag_says(record: ClipRecord) -> None:
    clip = read(record)
    speech = clip.samples[clip.first_speech : clip.last_speech + 1].astype(float)
    lead = clip.samples[clip.first_speech // 2 : clip.first_speech].astype(float)
    snr = 10 * np.log10(max(1.0, np.mean(speech**2) / np.mean(lead**2) - 1))
    (meant,) = (int(tag.removeprefix("snr_")) for tag in record.tags if tag in NOISY)
    # Cars pass and people pause: the lead is not the whole noise.
    assert abs(snr - meant) < 5


@pytest.mark.parametrize("record", CLIPS, ids=lambda record: record.file)
def test_speech_stands_in_a_room_and_not_in_digital_silence(record: ClipRecord) -> None:
    clip = read(record)
    assert clip.samples[: clip.first_speech].any()
    assert clip.samples[clip.last_speech + 1 :].any()
