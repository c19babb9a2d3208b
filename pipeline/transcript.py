"""The words of one turn, as recognition brings them: finals, then a partial that may change."""

from pipeline.words import join_parts, same_words, words_beyond


class Transcript:
    """`n_awaited` finals were asked for and have not come. Times are the monotonic clock's.

    An empty final leaves the partial that it settles standing: those words were shown. What comes
    next tells whether the recogniser has begun anew after it. Results that come while it `is_quiet`
    and none is awaited are for sound that has had its final.
    """

    def __init__(self) -> None:
        self.finals: list[str] = []
        self.final_at: float | None = None
        self.partial = ""
        self.partial_at = 0.0
        self.n_awaited = 0
        self._is_left_standing = False
        self._n_earlier = 0
        self._is_reopened = False

    @property
    def text(self) -> str:
        """All words so far, the partial ones last."""
        return join_parts([part for part in (*self.finals, self.partial) if part])

    def read_partial(self, text: str, *, at: float, is_quiet: bool) -> bool:
        """Take a guess for all since the last final; False where it tells nothing."""
        if text == self.partial:
            return False
        has_all = is_quiet and not self.n_awaited
        if has_all and text and not self.partial and self._holds(text):
            return False
        self._keep_standing(text, has_all=has_all)
        self.partial, self.partial_at = text, at
        return True

    def read_final(self, text: str, *, at: float, is_quiet: bool) -> bool:
        """Take words that will not change; False where it tells nothing."""
        if not text:
            was_awaited, self.n_awaited = self.n_awaited > 0, max(0, self.n_awaited - 1)
            self._is_left_standing |= was_awaited and bool(self.partial)
            return was_awaited
        if self._repeats(text):
            return False
        has_all = is_quiet and not self.n_awaited
        if has_all and self.finals and words_beyond(text, self.finals[-1]):
            self.finals.pop()
        self._keep_standing(text, has_all=has_all)
        self.partial = ""
        self.n_awaited = max(0, self.n_awaited - 1)
        self.finals.append(text)
        self.final_at = at
        return True

    def reopen(self, text: str) -> None:
        """Put the words of a turn that was not over before all others."""
        self.finals.insert(0, text)
        self._n_earlier += 1
        self._is_reopened = True

    def insert(self, text: str) -> None:
        """Put late words of an earlier utterance before those of this one."""
        self.finals.insert(self._n_earlier, text)
        self._n_earlier += 1

    def reword(self, was: str, text: str) -> bool:
        """Put a late final in the place of what was guessed for it in a turn that was reopened;
        False where there is none."""
        if not self._is_reopened or not self.finals[0].endswith(was):
            return False
        self.finals[0] = f"{self.finals[0].removesuffix(was)}{text}"
        return True

    def _holds(self, text: str) -> bool:
        """Whether the last final begins with these words."""
        return bool(self.finals) and words_beyond(self.finals[-1], text) is not None

    def _repeats(self, text: str) -> bool:
        """Whether a final has come before: unasked, or while a partial promises other words."""
        is_expected = self.n_awaited and (not self.partial or same_words(self.partial, text))
        return not is_expected and any(same_words(text, one) for one in self.finals)

    def _keep_standing(self, text: str, *, has_all: bool) -> None:
        """Make a final of the words that an empty one left standing, unless `text` is for them."""
        if self._is_left_standing and not has_all and _is_anew(text, self.partial):
            self.finals.append(self.partial)
        self._is_left_standing = False


def _is_anew(text: str, before: str) -> bool:
    """Whether a recogniser that had `before` has started over with `text`: it is shorter, or
    begins with another word."""
    words, words_before = text.split(), before.split()
    if not words or not words_before:
        return False
    return len(words) < len(words_before) or not same_words(words[0], words_before[0])
