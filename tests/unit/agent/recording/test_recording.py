"""What a recording sounds like: both sides where the clock says, and what is left after a kill."""

from pathlib import Path

import numpy as np
import pytest

from agent.recording.joining import Piece, duration_s, joined
from agent.recording.ogg import pages_of
from agent.recording.opus import PACKET_S
from agent.recording.tape import LATE_S, Cut, Heard
from pipeline.audio import WINDOW_S, WINDOW_SAMPLES
from tests.recorded_sound import (
    ALIGNED_S,
    BEGAN_AT,
    DECODED_HZ,
    Events,
    decoded,
    recorded,
    said,
    sounds,
    windows,
)

FINE_S = 0.008
"""What the codec smears."""


def test_each_side_is_on_its_own_channel_where_the_clock_says(tmp_path: Path) -> None:
    events: Events = [*windows(1.0, 0.96), *said(2.5, 1.0)]
    data = recorded(tmp_path, events, 5.0)
    caller, agent = decoded(data)

    assert sounds(caller) == [pytest.approx((1.0, 1.96), abs=ALIGNED_S)]
    assert sounds(agent) == [pytest.approx((2.5, 3.5), abs=ALIGNED_S)]
    piece = Piece.read(data)
    assert piece is not None
    assert duration_s(piece) == pytest.approx(5.0, abs=PACKET_S)


def test_neither_side_is_heard_on_the_others_channel(tmp_path: Path) -> None:
    events: Events = [*windows(1.0, 0.96), *said(2.5, 1.0)]
    caller, agent = decoded(recorded(tmp_path, events, 5.0))

    assert np.abs(agent[: 2 * DECODED_HZ]).max() == pytest.approx(0, abs=0.001)
    assert np.abs(caller[round(2.2 * DECODED_HZ) :]).max() == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize(("level", "is_heard"), [(33, False), (200, True)])
def test_a_quiet_room_is_silence_and_a_faint_voice_is_not(
    level: int, is_heard: bool, tmp_path: Path
) -> None:
    noise = np.random.default_rng(0).normal(0, level, (100, WINDOW_SAMPLES)).astype(np.int16)
    events = [Heard(BEGAN_AT + (n + 1) * WINDOW_S, one.tobytes()) for n, one in enumerate(noise)]
    caller, _ = decoded(recorded(tmp_path, events, 4.0))
    assert bool(np.abs(caller).max() > 0.003) == is_heard


def test_what_was_cut_is_not_heard(tmp_path: Path) -> None:
    events: Events = [*said(1.0, 1.0), Cut(BEGAN_AT + 1.75), *said(3.0, 0.5)]
    _, agent = decoded(recorded(tmp_path, events, 4.0))

    assert sounds(agent)[0] == pytest.approx((1.0, 1.75), abs=ALIGNED_S)


def test_dropped_windows_are_silence_and_what_follows_is_in_its_place(tmp_path: Path) -> None:
    events = windows(1.0, 3.2)
    del events[20:50]
    caller, _ = decoded(recorded(tmp_path, [*events], 5.0))

    gap_s = 1.0 + 20 * WINDOW_S, 1.0 + 50 * WINDOW_S
    first, second = sounds(caller)
    assert first == pytest.approx((1.0, gap_s[0]), abs=ALIGNED_S)
    assert second == pytest.approx((gap_s[1], 4.2), abs=ALIGNED_S)


def test_windows_that_come_late_in_a_heap_are_no_gap(tmp_path: Path) -> None:
    events = windows(1.0, 3.2)
    held_up_until = events[50].at
    heap = [Heard(max(one.at, held_up_until), one.pcm) for one in events[44:51]]
    caller, _ = decoded(recorded(tmp_path, [*events[:44], *heap, *events[51:]], 5.0))

    assert sounds(caller) == [pytest.approx((1.0, 4.2), abs=ALIGNED_S)]


def test_a_sessions_first_windows_come_late_and_the_rest_is_where_it_was(tmp_path: Path) -> None:
    events = windows(1.0, 4.8)
    first = [Heard(one.at + 0.016, one.pcm) for one in events[:50]]
    caller, _ = decoded(recorded(tmp_path, [*first, *events[50:]], 7.0))

    assert sounds(caller)[-1][1] == pytest.approx(5.8, abs=FINE_S)


def test_a_window_that_comes_a_little_late_moves_nothing(tmp_path: Path) -> None:
    events = windows(1.0, 4.8)
    late = [Heard(one.at + 0.016, one.pcm) for one in events[50:100]]
    caller, _ = decoded(recorded(tmp_path, [*events[:50], *late, *events[100:]], 7.0))

    assert sounds(caller) == [pytest.approx((1.0, 5.8), abs=FINE_S)]


def test_a_file_that_ends_anywhere_holds_all_but_its_last_second(tmp_path: Path) -> None:
    data = recorded(tmp_path, [*said(0.0, 6.0)], 6.0)
    page_ends_s = [page.granule / DECODED_HZ for page in list(pages_of(data))[2:]]
    for end in range(0, len(data), 997):
        piece = Piece.read(data[:end])
        heard_s = 0.0 if piece is None else duration_s(piece)
        written_s = max(0.0, 6.0 * end / len(data))
        assert heard_s >= written_s - 1.0
    assert max(np.diff(page_ends_s)) + LATE_S <= 1.0


def test_what_is_spoilt_amid_a_file_is_silence_of_its_length(tmp_path: Path) -> None:
    data = bytearray(recorded(tmp_path, [*said(0.0, 6.0)], 6.0))
    data[len(data) // 2] ^= 0xFF
    piece = Piece.read(bytes(data))
    assert piece is not None
    assert not piece.is_whole
    _, agent = decoded(joined([piece]))

    first, second = sounds(agent)
    assert (first[0], second[1]) == pytest.approx((0.0, 6.0), abs=ALIGNED_S)
    assert 0.1 < second[0] - first[1] < 1.0


def test_a_page_that_was_written_twice_is_heard_once(tmp_path: Path) -> None:
    data = recorded(tmp_path, [*said(0.0, 6.0)], 6.0)
    again = data.index(b"OggS", len(data) // 2)
    piece, twice = Piece.read(data), Piece.read(data[: again + 999] + data[again:])
    thrice = Piece.read(data[: data.index(b"OggS", again + 1)] + data[again:])
    assert piece == twice == thrice


def test_pieces_are_one_recording_with_the_gap_as_silence(tmp_path: Path) -> None:
    first = recorded(tmp_path / "1", [*said(1.0, 3.0)], 4.0)
    second = recorded(tmp_path / "2", [*said(6.5, 1.0)], 9.0, begins_s=6.21)
    pieces = [Piece.read(first), Piece.read(second)]
    whole = joined([one for one in pieces if one is not None])
    _, agent = decoded(whole)

    assert sounds(agent) == [
        pytest.approx((1.0, 4.0), abs=ALIGNED_S),
        pytest.approx((6.5, 7.5), abs=ALIGNED_S),
    ]
    piece = Piece.read(whole)
    assert piece is not None
    assert piece.is_whole
    assert duration_s(piece) == pytest.approx(9.0, abs=PACKET_S)


def test_a_piece_counts_until_the_next_begins(tmp_path: Path) -> None:
    woken = recorded(tmp_path / "1", [*said(1.0, 7.0)], 9.0)
    successor = recorded(tmp_path / "2", [*said(4.5, 0.5)], 6.0, begins_s=4.2)
    pieces = [Piece.read(woken), Piece.read(successor)]
    _, agent = decoded(joined([one for one in pieces if one is not None]))

    assert sounds(agent) == [
        pytest.approx((1.0, 4.2), abs=ALIGNED_S),
        pytest.approx((4.5, 5.0), abs=ALIGNED_S),
    ]
