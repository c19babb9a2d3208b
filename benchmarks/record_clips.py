"""Makes what `clips/` lacks: `python -m benchmarks.record_clips [--human DIR]`.

A clip whose file is there stays as it is, with its entry; remove the file to make it anew: voices
do not say a sentence twice in the same way. Spoken English needs the `voice-gpl` extra and
`onnx`, Hindi the `espeak-ng` program; the clips are CC0 nevertheless. `--human DIR`: see
`benchmarks/recording/people.py`.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.clips import CLIPS_DIR, RATE_HZ, ClipRecord, load_clips, read
from benchmarks.recording.clip_file import ClipFacts, MeantPause, record, write_manifest
from benchmarks.recording.lines import HINDI_LINES, LINES, HindiLine, Line
from benchmarks.recording.people import RECORDED, Recorded, read_recorded
from benchmarks.recording.room import TAIL_S, Sound, in_a_room, open_pauses
from benchmarks.recording.sounds import COMPUTED
from benchmarks.recording.surroundings import NOISES, NOISY_LEAD_S, by_telephone, in_noise
from benchmarks.recording.voices import (
    ESPEAK_ORIGIN,
    PIPER_ORIGIN,
    EspeakSpeaker,
    PiperSpeaker,
)

Recipe = Callable[[], ClipRecord]

_CC0: Final = "CC0-1.0"
_COMPUTED_ORIGIN: Final = "computed by benchmarks/record_clips.py"
_PAUSE_MARK: Final = " | "
_ROOM: Final = np.zeros(RATE_HZ // 10)
"""What fills a pause of a synthetic voice; the room's noise comes with the room."""
_SNRS_DB: Final = (15, 10, 5)
_IN_NOISE: Final = ("question_order_status", "question_delivery", "question_car_park")
_BY_TELEPHONE: Final = ("question_price", "complete_refund", "unfinished_table_for")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--human", type=Path, metavar="DIR")
    args = parser.parse_args()
    kept = {entry.name: entry for entry in load_clips() if (CLIPS_DIR / entry.file).exists()}
    for name, recipe in _recipes(args.human):
        if name not in kept:
            kept[name] = recipe()
            write_manifest(kept.values())


def _recipes(human: Path | None) -> Iterator[tuple[str, Recipe]]:
    piper, espeak = PiperSpeaker(), EspeakSpeaker()
    for line in LINES:
        yield _name(line), partial(_speak, line, piper)
    for name in COMPUTED:
        yield name, partial(_compute, name)
    for hindi in HINDI_LINES:
        yield _name(hindi), partial(_speak_hindi, hindi, espeak)
    if human is not None:
        for source in RECORDED:
            yield source.facts.name, partial(_record_human, source, human)
    for noise in NOISES:
        for base, snr_db in zip(_IN_NOISE, _SNRS_DB, strict=True):
            yield f"{base}_{noise}_{snr_db}", partial(_add_noise, base, noise, snr_db)
    for base in _BY_TELEPHONE:
        yield f"{base}_telephone", partial(_call_by_telephone, base)


def _name(line: Line | HindiLine) -> str:
    return line.name if line.kind == "paused" else f"{line.kind}_{line.name}"


def _speak(line: Line, piper: PiperSpeaker) -> ClipRecord:
    parts = [part.split() for part in line.text.split(_PAUSE_MARK)]
    meant = _meant(parts, line.pauses_ms, line)
    text = " ".join(word for part in parts for word in part)
    facts = ClipFacts(_name(line), line.kind, text, _CC0, PIPER_ORIGIN, tags=line.tags)
    sound, openings = piper.say(
        text, pauses=[(pause.words, pause.length_ms) for pause in meant], pace=line.pace
    )
    sound = open_pauses(sound, openings, _ROOM)
    return record(in_a_room(sound), replace(facts, pauses=meant))


def _speak_hindi(line: HindiLine, espeak: EspeakSpeaker) -> ClipRecord:
    parts = [part.split() for part in line.text.split(_PAUSE_MARK)]
    text = " ".join(word for part in parts for word in part)
    facts = ClipFacts(
        _name(line),
        line.kind,
        text,
        _CC0,
        ESPEAK_ORIGIN,
        "hi-IN",
        line.tags,
        _meant(parts, line.pauses_ms, line),
    )
    sound = espeak.say(line.spoken or line.text.replace(_PAUSE_MARK, ", "))
    if line.pauses_ms:
        sound = open_pauses(sound, espeak.openings(sound, line.pauses_ms), _ROOM)
    return record(in_a_room(sound), facts)


def _meant(
    parts: list[list[str]], lengths_ms: tuple[int, ...], line: Line | HindiLine
) -> tuple[MeantPause, ...]:
    counts = np.cumsum([len(part) for part in parts])[:-1].tolist()
    return tuple(
        MeantPause(count, length_ms, line.pause_kind)
        for count, length_ms in zip(counts, lengths_ms, strict=True)
    )


def _compute(name: str) -> ClipRecord:
    kind, make, tags = COMPUTED[name]
    facts = ClipFacts(name, kind, "", _CC0, _COMPUTED_ORIGIN, tags=tags)
    return record(in_a_room(make()), facts)


def _record_human(source: Recorded, folder: Path) -> ClipRecord:
    return record(in_a_room(read_recorded(source, folder)), source.facts)


def _add_noise(base: str, noise: str, snr_db: int) -> ClipRecord:
    """The base clip's sound in a noisy place. The speech is where it was, a longer lead later."""
    quiet = _entry(base)
    clip = read(quiet)
    cut = clip.samples[clip.first_speech : clip.last_speech + 1]
    samples = in_a_room(cut.astype(np.float64), lead_s=NOISY_LEAD_S, tail_s=TAIL_S * 2)
    first = int(NOISY_LEAD_S * RATE_HZ)
    speech = slice(first, first + len(cut))
    made = NOISES[noise](len(samples), _other_voices(base))
    facts = ClipFacts(
        f"{base}_{noise}_{snr_db}",
        quiet.kind,
        quiet.text,
        quiet.licence,
        f"{quiet.origin}; noise {_COMPUTED_ORIGIN}",
        quiet.language,
        (*quiet.tags, noise, f"snr_{snr_db}"),
    )
    noisy = in_noise(samples, made, speech=speech, snr_db=snr_db)
    return record(noisy, facts, speech=(speech.start, speech.stop - 1))


def _other_voices(base: str) -> list[Sound]:
    others = [entry for entry in load_clips() if entry.kind == "question" and not entry.tags]
    clips = [read(entry) for entry in others if entry.name != base]
    return [c.samples[c.first_speech : c.last_speech + 1].astype(np.float64) for c in clips]


def _call_by_telephone(base: str) -> ClipRecord:
    near = _entry(base)
    meant = tuple(
        MeantPause(len(pause.words_before.split()), pause.length_ms, pause.kind)
        for pause in near.pauses
    )
    facts = ClipFacts(
        f"{base}_telephone",
        near.kind,
        near.text,
        near.licence,
        near.origin,
        near.language,
        (*near.tags, "telephone"),
        meant,
    )
    return record(by_telephone(read(near).samples), facts)


def _entry(name: str) -> ClipRecord:
    return {entry.name: entry for entry in load_clips()}[name]


if __name__ == "__main__":
    main()
