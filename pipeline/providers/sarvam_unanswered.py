"""What a recogniser was told and has not answered yet: sound is kept until its own final.

An utterance is parted by the flushes that ask for finals, and those come in the order of the
flushes. A flush that found no words may never be answered, which looks like a dead connection:

    utterance 3   ▆▇▅▆▇▆▅▁▁ flush ▁▁▅▆▇▆▁▁ flush ▁▁▁      a final answers the oldest stretch that
                  └──────────────┘└──────────────┘└─┘      awaits one; the last is still open

So a stretch must be answered where a partial has told of words, or it holds enough voice; it is
asked about on three connections. A shorter one, which may be a cough, is asked about on two; once
that was in vain, silence is what this recogniser says to coughs. Where partials have stopped in the
midst of voice, the answer is due sooner: the turn would end without the words that are missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.audio import CALLER_RATE_HZ
from pipeline.loudness import loudness
from pipeline.providers.sarvam_socket import Frame

KEPT_BYTES: Final = 30 * 2 * CALLER_RATE_HZ
"""30 s; older sound is dropped."""
WORDS_IN_S: Final = 1.0
"""Loud sound that is not taken for a cough any more."""
STALE_S: Final = 0.6
"""Loud sound since the last partial of a recogniser that sends several a second."""
STALE_PATIENCE_S: Final = 0.6
"""After that: finals mostly come within 0.3 s, and a turn waits for one for 1.5 s."""
MOST_SOCKETS: Final = 3
"""On which a stretch is asked about, coughs on one less."""
IN_VAIN_S: Final = 8.0
"""Voice without a transcript of any of it: recognition is away."""
FALL_BACK_S: Final = 1.5
"""Voice that is worth another protocol, when two connections in a row made nothing of it."""
LATE_S: Final = 1.5
"""After this a flush of a recogniser without partials is taken to stay unanswered. The published
99th percentile of finals is 1.2 s."""
PARTIAL_LAG_S: Final = 0.3
"""A partial tells of sound that is older than it."""
_LOUD: Final = 0.1
"""Of the loudest slice."""
_SLICE_S: Final = 0.02
_BYTES_PER_S: Final = 2 * CALLER_RATE_HZ


@dataclass(slots=True, eq=False)
class Stretch:
    """Sound up to a flush, that of the present if `asked_at` is None. `is_last`: the utterance
    ended with it."""

    utterance: int
    pcm: bytearray
    asked_at: float | None = None
    is_last: bool = False
    has_words: bool = False
    may_be_answered: bool = False
    is_stale: bool = False
    n_unheard: int = 0

    def waits_s(self, at: float) -> float:
        """How long ago it was asked about; 0 for one that was not."""
        return 0.0 if self.asked_at is None else at - self.asked_at

    @property
    def must_hold_words(self) -> bool:
        """Whether silence is no answer to it."""
        return self.has_words or self.loud_s() >= WORDS_IN_S

    def loud_s(self, n_last: int | None = None) -> float:
        """Seconds of loud sound, in its last `n_last` bytes."""
        levels = loudness(bytes(self.pcm), int(_SLICE_S * CALLER_RATE_HZ))
        if not levels.size:
            return 0.0
        is_loud = levels > _LOUD * levels.max()
        n_slices = levels.size if n_last is None else int(n_last / _BYTES_PER_S / _SLICE_S)
        return _SLICE_S * int(is_loud[levels.size - min(n_slices, levels.size) :].sum())


class Unanswered:
    """Pure. `patience_s` is how long an answer is waited for after a flush or a sign of life."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._stretches: list[Stretch] = []
        self._utterance = 0
        self._gives_partials = False
        self._answers_coughs = True
        self._n_mute = 0
        self._in_vain_s = 0.0
        self._n_untold = 0
        self._heard_at = 0.0
        self._last_partial = ""
        self._last_final: Frame | None = None
        self._last_of: int | None = None
        self._is_told_since = False

    @property
    def is_hopeless(self) -> bool:
        """Whether much was said, and no connection has made anything of it."""
        return self._in_vain_s >= IN_VAIN_S

    @property
    def wants_other_protocol(self) -> bool:
        """Whether two connections in a row were mute while they surely had words to tell."""
        return self._n_mute >= 2 and self._in_vain_s >= FALL_BACK_S

    @property
    def stretches(self) -> Sequence[Stretch]:
        """In order. An utterance that goes on has an open one at the end."""
        return self._stretches

    @property
    def is_open(self) -> bool:
        """Whether an utterance goes on."""
        return bool(self._stretches) and self._stretches[-1].asked_at is None

    @property
    def due_at(self) -> float | None:
        """When the connection is to be taken for dead, None while it owes nothing."""
        for one in self._stretches:
            if one.asked_at is None or one.may_be_answered:
                continue
            if self._answers_coughs or one.must_hold_words:
                return max(one.asked_at, self._heard_at) + self._patience_with(one)
        return None

    def _patience_with(self, stretch: Stretch) -> float:
        if self._n_mute:
            return 2 * self._patience_s
        return min(STALE_PATIENCE_S, self._patience_s) if stretch.is_stale else self._patience_s

    # Our side

    def begin(self, pre_roll: bytes) -> int:
        """An utterance starts; returns its number."""
        self._utterance += 1
        self._stretches.append(Stretch(self._utterance, bytearray(pre_roll)))
        return self._utterance

    def hear(self, pcm: bytes) -> None:
        """More sound of the open utterance."""
        self._stretches[-1].pcm += pcm
        self._n_untold += len(pcm)
        excess = sum(len(one.pcm) for one in self._stretches) - KEPT_BYTES
        while excess > 0:
            oldest = next(one for one in self._stretches if one.pcm)
            cut = min(excess, len(oldest.pcm))
            del oldest.pcm[:cut]
            excess -= cut

    def settle(self, at: float) -> None:
        """A final is asked for. What was asked about before without a word told of it is answered
        together with this."""
        present = self._stretches[-1]
        if not present.pcm:
            return
        present.asked_at = at
        present.is_stale = self._gives_partials and present.loud_s(self._n_untold) >= STALE_S
        earlier = [one for one in self._of(present.utterance) if one is not present]
        if self._gives_partials and earlier and not earlier[-1].has_words:
            present.pcm = earlier[-1].pcm + present.pcm
            present.asked_at = at if present.is_stale else earlier[-1].asked_at
            self._stretches.remove(earlier[-1])
        self._stretches.append(Stretch(present.utterance, bytearray()))

    def end(self) -> None:
        """The utterance is over: what was not asked about is let go."""
        self._let_go(self._stretches[-1])
        for last in self._of(self._utterance)[-1:]:
            last.is_last = True

    def restart(self, at: float) -> Sequence[Stretch]:
        """All that a new connection has to be told, and asked again."""
        for one in list(self._stretches):
            if one.may_be_answered and one.waits_s(at) > self._patience_s:
                self._let_go(one)
            elif one.asked_at is not None:
                one.asked_at = at
        self._heard_at = at
        self._gives_partials = False
        self._last_final = None
        return self._stretches

    def was_mute(self) -> None:
        """The connection never answered what was due. What was asked too often is let go."""
        asked = self._asked(None)
        sure = [one for one in asked if one.must_hold_words]
        self._n_mute += bool(sure)
        self._in_vain_s += sum(one.loud_s() for one in sure if not one.n_unheard)
        for one in asked:
            one.n_unheard += 1
            is_cough = one not in sure
            if one.n_unheard >= MOST_SOCKETS - is_cough:
                self._answers_coughs &= bool(sure)
                self._let_go(one)

    # The recogniser's side

    def take_partial(self, text: str, utterance: int | None, at: float) -> None:
        """It told words of what is unanswered: of what was asked about just now, or of later."""
        self._live(at)
        self._gives_partials = True
        if text == self._last_partial:
            return
        self._last_partial = text
        self._is_told_since |= utterance == self._last_of
        for told in [one for one in self._of(utterance) if one.waits_s(at) <= PARTIAL_LAG_S][:1]:
            told.has_words = True

    def repeats(self, frame: Frame, utterance: int | None, *, is_telling: bool) -> bool:
        """Whether this is the last final once more. New words have a partial first, where there
        are partials; else the same may well have been said again, unless finals are `is_telling`:
        never the same."""
        if frame != self._last_final or self._is_told_since:
            return False
        return is_telling or self._gives_partials or not self._asked(utterance)

    def take_final(self, frame: Frame, utterance: int | None, at: float) -> int | None:
        """It answered the oldest stretch, of the utterance that it names. Returns whose it was."""
        self._live(at)
        self._last_partial, self._is_told_since = "", False
        self._last_final, self._last_of = frame, utterance
        asked = self._asked(utterance)
        if utterance is None:
            asked = [one for one in asked if one.waits_s(at) <= LATE_S] or asked
        if not asked:
            return utterance
        for later in asked[1:]:
            later.may_be_answered = not self._gives_partials
        del self._stretches[: self._stretches.index(asked[0]) + 1]
        return asked[0].utterance

    def _live(self, at: float) -> None:
        self._heard_at = at
        self._n_mute = self._n_untold = 0
        self._in_vain_s = 0.0
        for one in self._stretches:
            one.is_stale = False

    def _of(self, utterance: int | None) -> list[Stretch]:
        return [one for one in self._stretches if utterance in (None, one.utterance)]

    def _asked(self, utterance: int | None) -> list[Stretch]:
        return [one for one in self._of(utterance) if one.asked_at is not None]

    def _let_go(self, stretch: Stretch) -> None:
        before = [one for one in self._of(stretch.utterance) if one is not stretch]
        if stretch.is_last and before:
            before[-1].is_last = True
        self._stretches.remove(stretch)
