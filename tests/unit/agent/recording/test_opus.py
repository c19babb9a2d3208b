"""Packets of two streams in one."""

import pytest

from agent.recording.opus import delimited

VARIED, EQUAL = b"\xfb\x83", b"\xfb\x03"


@pytest.mark.parametrize(
    ("head", "frames", "told"),
    [
        (VARIED + bytes([2, 3]), 2 + 3 + 9, [9]),
        (VARIED + bytes([253, 12, 3]), 301 + 3 + 251, [251]),
        (VARIED + bytes([2, 252, 0]), 2 + 252 + 255, [255, 0]),
        (VARIED + bytes([2, 3]), 2 + 3 + 1275, [255, 255]),
        (EQUAL, 3 * 40, [40]),
    ],
)
def test_the_first_of_two_packets_tells_the_length_of_its_last_frame(
    head: bytes, frames: int, told: list[int]
) -> None:
    assert delimited(head + bytes(frames)) == head + bytes(told) + bytes(frames)
