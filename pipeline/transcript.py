"""The words of one turn, as recognition brings them: finals, then a partial that may change."""

from pipeline.words import join_parts


class Transcript:
    """`n_awaited` finals were asked for and have not come. Times are the monotonic clock's."""

    def __init__(self) -> None:
        self.finals: list[str] = []
        self.final_at: float | None = None
        self.partial = ""
        self.partial_at = 0.0
        self.n_awaited = 0

    @property
    def text(self) -> str:
        """All words so far, the partial ones last."""
        return join_parts([part for part in (*self.finals, self.partial) if part])

    def read_partial(self, text: str, *, at: float) -> bool:
        """Take a guess for all since the last final; False where that is known."""
        if text == self.partial:
            return False
        self.partial, self.partial_at = text, at
        return True

    def read_final(self, text: str, *, at: float) -> None:
        """Take words that will not change, empty ones as well."""
        self.partial = ""
        self.n_awaited = max(0, self.n_awaited - 1)
        if text:
            self.finals.append(text)
            self.final_at = at
