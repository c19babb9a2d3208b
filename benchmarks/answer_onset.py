"""Where an answer begins that a "hmm" may have preceded: the system tells how long after the hum,
the sound when exactly.

::

    heard      hmm   answer~~~~
               |     |
    told       |----|            first_audio_ms - acknowledged_ms
"""

from typing import Final

from cli.caller.recording import Recording
from cli.caller.turn import Turn

JITTER_S: Final = 0.1
"""By which the sound may be off what was told: less than from the hum's first sample to the
answer's."""


def answer_onset(sound: Recording, onset: float, turn: Turn | None) -> float:
    """`onset` is of the first sound of all."""
    if turn is None or turn.first_audio_ms is None or turn.acknowledged_ms is None:
        return onset
    told = onset + (turn.first_audio_ms - turn.acknowledged_ms) / 1000
    heard = sound.onset_after(told - JITTER_S)
    return heard if heard is not None and heard <= told + JITTER_S else told
