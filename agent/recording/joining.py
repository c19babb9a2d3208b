"""Pieces of one session → one recording from its start, without encoding anything anew.

piece of epoch 1    ▅▂▁▅▅▂▅▅▅░░        ░ sounded on in a worker that was none any more
piece of epoch 2                  ▂▅▅
recording           ▅▂▁▅▅▂▅▅▅▁▁▁▁▁▂▅▅
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from agent.recording.ogg import RATE_HZ, Paginator, comments_of, pages_of
from agent.recording.opus import GRANULES, PACKET_S, silence

BEGINS: Final = "VAARTA_FIRST_PACKET"
_PACKETS_A_PAGE: Final = 16


def comment_of(first: int) -> str:
    """What a piece says of itself: which packet of the session its first one is."""
    return f"{BEGINS}={first}"


@dataclass(frozen=True, slots=True)
class Piece:
    """What can be heard of a piece: its packets from the session's `first` on, the first that is
    there; None for what is missing. `head` is the codec's own."""

    head: bytes
    first: int
    packets: Sequence[bytes | None]

    @classmethod
    def read(cls, data: bytes) -> Self | None:
        """None where there is nothing; the data may end, or be spoilt, anywhere."""
        found = list(pages_of(data))
        if len(found) < 3 or found[0].granule or found[1].granule:
            return None
        (head,), (tags,) = found[0].packets, found[1].packets
        said = dict(one.partition("=")[::2] for one in comments_of(tags))
        packets: list[bytes | None] = []
        for page in found[2:]:
            first = page.granule // GRANULES - len(page.packets)
            del packets[first:]  # written twice, by a disk that refused half
            packets += [None] * (first - len(packets))
            packets += page.packets
        n_missing = next((n for n, one in enumerate(packets) if one is not None), len(packets))
        packets = packets[n_missing:]
        return cls(head, int(said.get(BEGINS, 0)) + n_missing, packets) if packets else None

    @property
    def is_whole(self) -> bool:
        """Whether it is the recording, where there is no other piece."""
        return self.first == 0 and None not in self.packets


def joined(pieces: Sequence[Piece]) -> bytes:
    """One recording of pieces in the order of their epochs, and of those of one epoch in theirs:
    each counts until the next begins."""
    silent = silence()
    packets: list[bytes] = []
    for piece in pieces:
        del packets[piece.first :]
        packets += [silent] * (piece.first - len(packets))
        packets += [one or silent for one in piece.packets]
    ogg = Paginator(1, GRANULES)
    made = bytearray(ogg.head(pieces[0].head, [comment_of(0)]))
    for at in range(0, len(packets), _PACKETS_A_PAGE):
        last = at + _PACKETS_A_PAGE
        made += ogg.pages(packets[at:last], is_last=last >= len(packets))
    return bytes(made)


def duration_s(piece: Piece) -> float:
    """From the session's start to the piece's end, less what the codec needs to get going."""
    lead = int.from_bytes(piece.head[10:12], "little") / RATE_HZ
    return max(0.0, (piece.first + len(piece.packets)) * PACKET_S - lead)
