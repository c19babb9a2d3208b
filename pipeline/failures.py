"""Replies in a row that came to nothing, or broke off: pure."""

from typing import Final

from pipeline.exchange import Exchange

MAX_IN_A_ROW: Final = 3


class Failures:
    """Show it every exchange that is over."""

    def __init__(self) -> None:
        self.n_in_a_row = 0

    @property
    def are_too_many(self) -> bool:
        """Whether it makes no sense to go on."""
        return self.n_in_a_row >= MAX_IN_A_ROW

    def count(self, over: Exchange) -> None:
        """An answer that was heard starts the count over, a line of ours does not. One that was
        interrupted before anything was known of it tells nothing."""
        if over.reply.failure is not None or not (over.is_answered or over.is_interrupted):
            self.n_in_a_row += 1
        elif over.reply.asks_model and over.heard:
            self.n_in_a_row = 0
