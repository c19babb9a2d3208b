"""The tokens of one request to a language model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.metering import Meter
from pipeline.ports import Item, Message, ToolCall
from pipeline.providers.chat_stream import Tokens
from pipeline.spending import Spent

BYTES_PER_TOKEN: Final = 4
"""Of English text, on the usual tokenisers' average."""


@dataclass(slots=True)
class TokenCount:
    """Counts what is written, until the host has `told`. Usage comes last: of an answer that was
    cut off it is estimated, a piece a token; one that was left before its first word was read all
    the same."""

    messages: Sequence[Message]
    n_written: int = 0
    told: Tokens | None = None
    is_under_way: bool = False

    def add(self, piece: Item) -> None:
        """Count a piece of the answer."""
        n_more = len(piece.arguments) // BYTES_PER_TOKEN if isinstance(piece, ToolCall) else 0
        self.n_written += 1 + n_more

    def spent(self) -> Spent:
        """What it has come to by now."""
        if self.told is not None:
            return Spent(self.told.read, self.told.written)
        if self.n_written or self.is_under_way:
            n_bytes = sum(map(_n_bytes, self.messages))
            return Spent(n_bytes // BYTES_PER_TOKEN, self.n_written)
        return Spent()

    def add_to(self, meter: Meter) -> None:
        """The request is over."""
        spent = self.spent()
        usd = None if self.told is None else self.told.usd
        meter.add_tokens(read=spent.input_tokens, written=spent.output_tokens, usd=usd)


def _n_bytes(message: Message) -> int:
    return sum(len(text.encode()) for text in (message.text, *(c.arguments for c in message.calls)))
