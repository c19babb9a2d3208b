"""What a caller noticed of a fault, from sound alone. Pure: moments are arguments.

::

    one agent      ~~~~~~~~~~~~~|
    another                           |~~~~~~~~~
                        ^ fault   |   ^ heard again
                                  |<->| no overlap: never both
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final

from cli.caller.recording import Recording, SoundSpan

PAUSE_S: Final = 0.3
"""An agent silent for longer has stopped; between its words it is silent for less."""
UNBROKEN_S: Final = 2.0
"""Who goes on for so long after a fault was not stopped by it: sound on its way is over sooner."""
OVERLAP_S: Final = 0.06
"""Two are heard at once from here on: less is one frame's jitter."""


def heard_again(sound: Recording, fault_at: float, now: float) -> float | None:
    """Seconds from the fault until the agent is heard again; 0 if it never fell silent.

    None as long as it is silent, or cannot be told yet.
    """
    for span in sound.spans(PAUSE_S, since=fault_at - PAUSE_S):
        if span.started_at > fault_at:
            return span.started_at - fault_at
        if min(span.ended_at, now) - fault_at >= UNBROKEN_S:
            return 0.0
    return None


def overlap_s(tracks: Sequence[Recording], since: float = float("-inf")) -> float:
    """Seconds in which two of the tracks sound at once, without what is too short to count."""
    return sum(
        shared
        for one, other in combinations(tracks, 2)
        for shared in _shared(one.spans(PAUSE_S, since), other.spans(PAUSE_S, since))
        if shared >= OVERLAP_S
    )


def spans_of(tracks: Sequence[Recording]) -> list[list[tuple[float, float]]]:
    """When each of them sounded, in seconds from the first sound of all."""
    spans = [track.spans(PAUSE_S) for track in tracks]
    first = min((span.started_at for of in spans for span in of), default=0.0)
    return [
        [(round(span.started_at - first, 2), round(span.ended_at - first, 2)) for span in of]
        for of in spans
    ]


def _shared(ones: Iterable[SoundSpan], others: Sequence[SoundSpan]) -> Iterable[float]:
    for one in ones:
        for other in others:
            yield min(one.ended_at, other.ended_at) - max(one.started_at, other.started_at)
