"""The tokens of one request to a language model."""

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, field
from typing import Final

from pipeline.metering import Meter
from pipeline.ports import Item, Message, ToolCall
from pipeline.providers.chat_stream import Tokens
from pipeline.spending import Spent

BYTES_PER_TOKEN: Final = 4
"""Of English text, on the usual tokenisers' average."""
FEWEST_BYTES: Final = 0.5
MOST_BYTES: Final = 12.0


@dataclass(slots=True)
class TokenScale:
    """How many bytes of messages come to a token, as a host counts. It told it of its last whole
    answer: a script, a tokeniser and a list of tools make much of a difference."""

    n_bytes: int = BYTES_PER_TOKEN
    n_tokens: int = 1

    def tokens(self, n_bytes: int) -> int:
        """What so many bytes come to."""
        return n_bytes * self.n_tokens // self.n_bytes

    def learn(self, n_bytes: int, n_tokens: int) -> None:
        """A host told how many tokens it read; what is beyond all reason is left out."""
        if n_tokens and FEWEST_BYTES <= n_bytes / n_tokens <= MOST_BYTES:
            self.n_bytes, self.n_tokens = n_bytes, n_tokens


@dataclass(slots=True)
class TokenCount:
    """Counts what is written, until the host has `told`. Usage comes last: of an answer that was
    cut off it is estimated, a piece a token, what was read by `scale`; one that was left before its
    first word was read all the same."""

    messages: InitVar[Sequence[Message]]
    scale: TokenScale = field(default_factory=TokenScale)
    n_written: int = 0
    told: Tokens | None = None
    is_under_way: bool = False
    _n_bytes: int = field(init=False)

    def __post_init__(self, messages: Sequence[Message]) -> None:
        # As they are now: a later request may add to the list.
        self._n_bytes = sum(map(_size, messages))

    def add(self, piece: Item) -> None:
        """Count a piece of the answer."""
        n_more = len(piece.arguments) // BYTES_PER_TOKEN if isinstance(piece, ToolCall) else 0
        self.n_written += 1 + n_more

    def spent(self) -> Spent:
        """What it has come to by now."""
        if self.told is not None:
            return Spent(self.told.read, self.told.written)
        if self.n_written or self.is_under_way:
            return Spent(self.scale.tokens(self._n_bytes), self.n_written)
        return Spent()

    def add_to(self, meter: Meter) -> None:
        """The request is over."""
        spent, usd = self.spent(), None
        if self.told is not None:
            self.scale.learn(self._n_bytes, self.told.read)
            usd = self.told.usd
        meter.add_tokens(read=spent.input_tokens, written=spent.output_tokens, usd=usd)


def _size(message: Message) -> int:
    return sum(len(text.encode()) for text in (message.text, *(c.arguments for c in message.calls)))
