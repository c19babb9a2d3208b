import pytest

from benchmarks.clips import CLIPS_DIR, KINDS, RATE_HZ, ClipRecord, load_clips, read
from cli.caller.clip import find_speech, read_clip
from sandbox.speech_gate import measure_voiced_ms

CLIPS = load_clips()


def test_every_file_is_in_the_manifest_and_every_entry_has_its_file() -> None:
    assert {path.name for path in CLIPS_DIR.glob("*.wav")} == {clip.file for clip in CLIPS}


def test_every_kind_is_there() -> None:
    assert {clip.kind for clip in CLIPS} == set(KINDS)


def test_every_clip_names_its_licence_and_origin() -> None:
    assert all(clip.licence and clip.origin for clip in CLIPS)


@pytest.mark.parametrize("record", CLIPS, ids=lambda record: record.file)
def test_the_manifest_says_where_the_speech_is(record: ClipRecord) -> None:
    samples = read_clip(CLIPS_DIR / record.file, RATE_HZ).samples
    speech = find_speech(samples, RATE_HZ)
    assert speech is not None
    assert speech[0] * 1000 // RATE_HZ == record.speech_start_ms
    assert (speech[1] + 1) * 1000 // RATE_HZ == record.speech_end_ms
    # What the codec leaves of it.
    assert 0.7 < record.voiced_ms / measure_voiced_ms(samples, RATE_HZ) < 1.1


@pytest.mark.parametrize("record", CLIPS, ids=lambda record: record.file)
def test_speech_stands_in_a_room_and_not_in_digital_silence(record: ClipRecord) -> None:
    clip = read(record)
    assert clip.samples[: clip.first_speech].any()
    assert clip.samples[clip.last_speech + 1 :].any()
