"""How an answer is worded: as models do, some with an opening that recurs, none twice the same."""

import re
import zlib
from dataclasses import dataclass

import numpy as np

from sandbox.script import ChatScript
from sandbox.scripted.punctuation import punctuate

AGAIN_AFTER_S = 5.0
"""The same words sooner are the same question: asked ahead of time, or tried once more."""
_ALTERNATIVES = re.compile(r"\{([^{}]*\|[^{}]*)\}")


@dataclass
class _Asking:
    times: int
    last_at_s: float


class Wording:
    """Draws by the seed, the model, the question's words, and how often that model was asked."""

    def __init__(self, script: ChatScript, seed: int) -> None:
        self._script = script
        self._seed = seed
        self._asked: dict[tuple[str, str], _Asking] = {}

    def word(self, said: str, model: str, at_s: float, own: str | None = None) -> str:
        """The answer, by the rule's ``own`` reply where there is one."""
        question = punctuate(said, "never", is_pause=False).casefold()
        chance = self._chance(question, self._count(model, question, at_s))
        reply = own if own is not None else str(chance.choice(self._script.replies))
        answer = _ALTERNATIVES.sub(lambda m: str(chance.choice(m[1].split("|"))), reply)
        if self._script.openings and chance.uniform(0, 100) < self._script.opening_percent:
            return f"{chance.choice(self._script.openings)} {answer}"
        return answer

    def _chance(self, question: str, times: int) -> np.random.Generator:
        return np.random.default_rng((self._seed, zlib.crc32(question.encode()), times))

    def _count(self, model: str, question: str, at_s: float) -> int:
        """How often it was asked before."""
        asking = self._asked.setdefault((model, question), _Asking(0, at_s))
        asking.times += at_s - asking.last_at_s >= AGAIN_AFTER_S
        asking.last_at_s = at_s
        return asking.times
