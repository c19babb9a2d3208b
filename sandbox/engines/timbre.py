"""How one recorded voice is made to sound like many: pitch and pace belong to the speaker."""

import zlib
from dataclasses import dataclass

from sandbox.ports import SpokenLine

_HIGHER = frozenset(
    "anushka manisha vidya arya ritu priya neha pooja simran kavya ishita shreya roopa tanya "
    "shruti suhani kavitha rupali amelia sophia aditi aparna chandrika nupur payal sanchita "
    "shabana shalini zarina aarti chaitra chhavi sarika shilpa suchitra suman vandana mrunal "
    "harpreet kangkana mouchumi".split()
)
"""First names usually given to women: these speak higher."""


@dataclass(frozen=True)
class Timbre:
    pitch: float
    """Playing speed of the sound: 1.1 raises it by a tenth."""
    length_scale: float
    """Given to the synthesis, so that the pace is right after the pitch was changed."""


def find_timbre(line: SpokenLine) -> Timbre:
    name = line.speaker.partition("_")[0]
    shade = zlib.crc32(line.speaker.encode()) % 100 / 100
    pitch = 1.12 + 0.12 * shade if name in _HIGHER else 0.92 + 0.12 * shade
    pitch *= 2 ** (line.pitch / 2)
    pace = line.pace * (0.96 + 0.08 * (1 - shade))
    return Timbre(pitch, pitch / pace)
