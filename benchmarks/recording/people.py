"""Recordings of people, from source packages that may be passed on.

DIR holds `pocketsphinx-5.1.1/` (its source package, unpacked) and `jfk.wav`
(`whisper.cpp/samples/jfk.wav` of the pywhispercpp 1.5.1 source package).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.clips import RATE_HZ
from benchmarks.recording.clip_file import ClipFacts, MeantPause
from benchmarks.recording.room import Opening, Sound, open_pauses
from cli.caller.clip import read_clip

_WORD_REACH: Final = RATE_HZ * 60 // 1000


@dataclass(frozen=True)
class Recorded:
    """A stretch (seconds) of somebody's recording.

    `opened`: (second, pause) where the reader did not pause and the clip does; the room's sound
    there is that of `room_s`. `pauses` are all that are meant, the reader's own among them.
    """

    path: str
    facts: ClipFacts
    start_s: float = 0.0
    end_s: float = 60.0
    opened: tuple[tuple[float, int], ...] = ()
    room_s: tuple[float, float] = (0.02, 0.18)


def read_recorded(source: Recorded, folder: Path) -> Sound:
    """Raises OSError, ClipError."""
    path = folder / source.path
    if path.suffix == ".raw":
        samples = np.fromfile(path, dtype="<i2").astype(np.int16)
    else:
        samples = read_clip(path, RATE_HZ).samples
    whole = samples.astype(np.float64)
    first = int(source.start_s * RATE_HZ)
    part = whole[first : int(source.end_s * RATE_HZ)]
    openings = tuple(
        Opening(int(at_s * RATE_HZ) - first, _WORD_REACH, ms) for at_s, ms in source.opened
    )
    if not openings:
        return part
    room = whole[int(source.room_s[0] * RATE_HZ) : int(source.room_s[1] * RATE_HZ)]
    return open_pauses(part, openings, np.concatenate((room, room[::-1])))


_SPHINX: Final = "pocketsphinx-5.1.1/test/data"
_SPHINX_LICENCE: Final = "BSD-2-Clause, Copyright (c) 1999-2016 Carnegie Mellon University"
_LIBRIVOX: Final = "LibriVox, Sense and Sensibility chapter 1, in pocketsphinx 5.1.1's test data"
_OPENED: Final = f"{_LIBRIVOX}; the pause is ours, in the recording's own room noise"
_PUBLIC_DOMAIN: Final = "public domain"
_UNITED_STATES: Final = "public domain (work of the United States government)"
_KENNEDY: Final = "inaugural address of J. F. Kennedy, 1961, as in whisper.cpp's samples"


def _librivox(number: str) -> str:
    return f"{_SPHINX}/librivox/sense_and_sensibility_01_austen_64kb-{number}.wav"


def _reader(name: str, text: str, *pauses: MeantPause) -> ClipFacts:
    return ClipFacts(
        f"human_{name}", "paused", text, _PUBLIC_DOMAIN, _OPENED, tags=("human",), pauses=pauses
    )


RECORDED: Final = (
    Recorded(
        f"{_SPHINX}/goforward.raw",
        ClipFacts(
            "human_go_forward",
            "question",
            "Go forward ten meters.",
            _SPHINX_LICENCE,
            "pocketsphinx 5.1.1, test/data/goforward.raw",
        ),
    ),
    Recorded(
        f"{_SPHINX}/something.raw",
        ClipFacts(
            "human_somewhere",
            "question",
            "Go somewhere and do something.",
            _SPHINX_LICENCE,
            "pocketsphinx 5.1.1, test/data/something.raw",
        ),
    ),
    Recorded(
        _librivox("0880"),
        ClipFacts(
            "human_ill_disposed",
            "question",
            "He was not an ill-disposed young man.",
            _PUBLIC_DOMAIN,
            _LIBRIVOX,
        ),
    ),
    Recorded(
        _librivox("0930"),
        ClipFacts(
            "human_amiable",
            "question",
            "He might even have been made amiable himself.",
            _PUBLIC_DOMAIN,
            _LIBRIVOX,
        ),
    ),
    Recorded(
        "jfk.wav",
        ClipFacts(
            "human_country",
            "question",
            "Ask what you can do for your country.",
            _UNITED_STATES,
            _KENNEDY,
        ),
        start_s=8.0,
        end_s=11.0,
    ),
    Recorded(
        "jfk.wav",
        ClipFacts(
            "human_fellow_americans",
            "paused",
            "And so, my fellow Americans, ask not what your country can do for you.",
            _UNITED_STATES,
            _KENNEDY,
            tags=("human", "natural_pause"),
            pauses=(
                MeantPause(5, 1170, "unfinished"),
                MeantPause(6, 320, "unfinished"),
                MeantPause(7, 1120, "unfinished"),
            ),
        ),
        end_s=8.0,
    ),
    Recorded(
        "jfk.wav",
        ClipFacts(
            "human_ask_what",
            "paused",
            "what your country can do for you, ask what you can do for your country.",
            _UNITED_STATES,
            _KENNEDY,
            tags=("human", "natural_pause"),
            pauses=(MeantPause(7, 630, "complete"),),
        ),
        start_s=5.0,
        # Where the last word ends; what follows is the place's noise, as loud as faint speech.
        end_s=10.4,
    ),
    Recorded(
        f"{_SPHINX}/cards/004.wav",
        ClipFacts(
            "human_five_five",
            "paused",
            "Five five.",
            _SPHINX_LICENCE,
            "pocketsphinx 5.1.1, test/data/cards/004.wav",
            tags=("human", "natural_pause", "digits"),
            pauses=(MeantPause(1, 300, "unfinished"),),
        ),
    ),
    Recorded(
        _librivox("0870"),
        _reader(
            "leisure",
            "And Mister John Dashwood had then leisure to consider how much there might be "
            "prudently in his power to do for them.",
            MeantPause(9, 500, "unfinished"),
            MeantPause(18, 700, "complete"),
        ),
        opened=((3.44, 500), (6.04, 700)),
        room_s=(0.1, 0.19),
    ),
    Recorded(
        _librivox("0880"),
        _reader(
            "was_not", "He was not an ill-disposed young man.", MeantPause(3, 900, "unfinished")
        ),
        opened=((1.08, 900),),
        room_s=(0.14, 0.22),
    ),
    Recorded(
        _librivox("0890"),
        _reader(
            "unless",
            "Unless to be rather cold-hearted and rather selfish is to be ill-disposed.",
            MeantPause(5, 600, "unfinished"),
        ),
        opened=((2.22, 600),),
    ),
    Recorded(
        _librivox("0920"),
        _reader(
            "had_he_married",
            "Had he married a more amiable woman he might have been made still more respectable "
            "than he was.",
            MeantPause(7, 800, "unfinished"),
            MeantPause(15, 400, "complete"),
        ),
        opened=((2.49, 800), (5.0, 400)),
    ),
    Recorded(
        _librivox("0930"),
        _reader(
            "might_even",
            "He might even have been made amiable himself.",
            MeantPause(5, 300, "unfinished"),
        ),
        opened=((1.33, 300),),
        room_s=(0.1, 0.18),
    ),
)
