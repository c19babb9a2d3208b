"""Opus in Ogg, a page at a time (RFC 3533, RFC 7845): written so that a file which ends anywhere
holds every page before that place.

    OpusHead │ OpusTags │ packets, some 0.4 s │ packets │ …

A page has its own checksum: what a crash left of one is known for what it is, and passed over.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

RATE_HZ: Final = 48_000
"""Positions in Opus count at this rate, whatever the sound's own."""
_CAPTURE: Final = b"OggS"
_HEADER: Final = struct.Struct("<4sBBqIIIB")
_CRC_AT: Final = 22
_MOST_SEGMENTS: Final = 255
_FIRST, _LAST = 2, 4
_REVERSED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_VENDOR: Final = b"vaarta"


@dataclass(frozen=True, slots=True)
class Page:
    """Whole packets, and the position at which the last of them ends; -1 where none does."""

    granule: int
    packets: Sequence[bytes]


class Paginator:
    """Packets of one stream → its pages, in order."""

    def __init__(self, serial: int, samples_per_packet: int) -> None:
        """`samples_per_packet` at 48 kHz."""
        self._serial = serial
        self._samples_per_packet = samples_per_packet
        self._n_pages = 0
        self._n_packets = 0

    def head(self, head: bytes, comments: Sequence[str]) -> bytes:
        """The two pages that come first: the codec's own header, then what is said of the sound."""
        return self._page([head], 0, _FIRST) + self._page([_tags(comments)], 0, 0)

    def pages(self, packets: Sequence[bytes], *, is_last: bool = False) -> bytes:
        """As many pages as they take. None of the packets is longer than 64 kB."""
        made = bytearray()
        while (n := _that_fit(packets)) < len(packets):
            made += self._sound(packets[:n], 0)
            packets = packets[n:]
        if packets or is_last:
            made += self._sound(packets, _LAST if is_last else 0)
        return bytes(made)

    def _sound(self, packets: Sequence[bytes], flags: int) -> bytes:
        self._n_packets += len(packets)
        return self._page(packets, self._n_packets * self._samples_per_packet, flags)

    def _page(self, packets: Sequence[bytes], granule: int, flags: int) -> bytes:
        lacing = b"".join(b"\xff" * (len(one) // 255) + bytes([len(one) % 255]) for one in packets)
        header = _HEADER.pack(
            _CAPTURE, 0, flags, granule, self._serial, self._n_pages, 0, len(lacing)
        )
        page = header + lacing + b"".join(packets)
        self._n_pages += 1
        return page[:_CRC_AT] + struct.pack("<I", _checksum(page)) + page[_CRC_AT + 4 :]


def pages_of(data: bytes) -> Iterator[Page]:
    """Every whole page in `data`; what is no page is passed over."""
    at = data.find(_CAPTURE)
    while at >= 0:
        end, page = _read(data, at)
        if page is not None:
            yield page
        at = data.find(_CAPTURE, at + 1 if page is None else end)


def _read(data: bytes, at: int) -> tuple[int, Page | None]:
    if at + _HEADER.size > len(data):
        return at, None
    *_, granule, _serial, _number, checksum, n_segments = _HEADER.unpack_from(data, at)
    body = at + _HEADER.size + n_segments
    lacing = data[at + _HEADER.size : body]
    end = body + sum(lacing)
    page = data[at:end]
    if end > len(data) or _checksum(page[:_CRC_AT] + bytes(4) + page[_CRC_AT + 4 :]) != checksum:
        return at, None
    packets, begin, size = [], body, 0
    for lace in lacing:
        size += lace
        if lace < 255:
            packets.append(data[begin : begin + size])
            begin, size = begin + size, 0
    return end, Page(granule, packets)


def _that_fit(packets: Sequence[bytes]) -> int:
    """How many of them one page holds."""
    n_segments = 0
    for n, one in enumerate(packets):
        n_segments += len(one) // 255 + 1
        if n_segments > _MOST_SEGMENTS:
            return n
    return len(packets)


def _tags(comments: Sequence[str]) -> bytes:
    said = [one.encode() for one in comments]
    counted = [struct.pack("<I", len(one)) + one for one in (_VENDOR, *said)]
    return b"OpusTags" + counted[0] + struct.pack("<I", len(said)) + b"".join(counted[1:])


def comments_of(tags: bytes) -> list[str]:
    """What the second page of a stream says. Raises `ValueError` for what is none."""
    if not tags.startswith(b"OpusTags"):
        raise ValueError("no OpusTags")
    said, at = [], 8
    try:
        (size,) = struct.unpack_from("<I", tags, at)
        (n,) = struct.unpack_from("<I", tags, at := at + 4 + size)
        at += 4
        for _ in range(n):
            (size,) = struct.unpack_from("<I", tags, at)
            said.append(tags[at + 4 : at + 4 + size].decode())
            at += 4 + size
    except struct.error as exc:
        raise ValueError("torn OpusTags") from exc
    return said


def _checksum(page: bytes) -> int:
    """Ogg's CRC is zlib's with every bit the other way round, without its inversions."""
    raw = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{raw:032b}"[::-1], 2)
