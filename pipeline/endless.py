"""What becomes of a caller's turn that does not end: somebody who talks on, a television, music.

words ──▶ ANSWER ──▶ ASK ──▶ LEAVE        no words ──▶ ASK ──▶ LEAVE
"""

from enum import Enum, auto
from typing import Final

from pipeline.steps import Overrun

MOST_TURNS: Final = 3
MOST_WORDLESS: Final = 2


class Response(Enum):
    """What is said over a sound that does not end."""

    ANSWER = auto()
    ASK = auto()
    LEAVE = auto()


def respond(overrun: Overrun) -> Response:
    """Decide; a turn that ends by itself starts it over."""
    if overrun.number >= MOST_TURNS or overrun.n_wordless >= MOST_WORDLESS:
        return Response.LEAVE
    is_first = overrun.number == 1 and overrun.words is not None
    return Response.ANSWER if is_first else Response.ASK
