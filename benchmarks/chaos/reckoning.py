"""What was lost of a conversation: what the caller said against what the transcript holds. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.words import words
from cli.caller.turn import Turn


@dataclass(frozen=True)
class Reckoning:
    """`turns_lost`: questions that no turn holds half of; `words_lost`: words that none holds,
    those questions' too; `unanswered`: questions whose turn has no answer; `words_doubled`: words
    of the transcript that nobody said."""

    turns_lost: int
    words_lost: int
    unanswered: int
    words_doubled: int


def reckon(said: Iterable[str], turns: Sequence[Turn], tried: Iterable[str] = ()) -> Reckoning:
    """Each question against the turn that holds most of it; a word counts for one question only.

    A turn may hold several questions. `tried`: what may have been heard or not.
    """
    left = [(turn, words(turn.user_transcript)) for turn in turns]
    turns_lost = words_lost = unanswered = 0
    for question in said:
        wanted = words(question)
        turn, held = max(left, key=lambda one: (wanted & one[1]).total(), default=(None, wanted))
        found = wanted & held if turn is not None else Counter[str]()
        if 2 * found.total() < wanted.total() or turn is None:
            turns_lost += 1
            words_lost += wanted.total()
            continue
        held -= found
        words_lost += wanted.total() - found.total()
        unanswered += not turn.agent_response.strip()
    for question in tried:
        wanted = words(question)
        held = max(
            (held for _, held in left), key=lambda one: (wanted & one).total(), default=wanted
        )
        held -= wanted
    doubled = sum(held.total() for _, held in left)
    return Reckoning(turns_lost, words_lost, unanswered, doubled)
