"""What one session learns of a route, all of its worker know, whatever happens to the file."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from agent.equipment.shared_board import N_SLOTS, SharedBoard
from core.catalog import QUIRKS, Route
from core.errors import ProviderClosed
from pipeline.route_health import N_KEPT, RouteHealth

ROUTE = Route(upstream="openrouter", model="moonshotai/kimi-k2.5")
OTHER = Route(upstream="moonshot", model="kimi-k2.6")
AT = 1000.0
Boards = Callable[[], SharedBoard]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "routes"


@pytest.fixture
def boards(path: Path, request: pytest.FixtureRequest) -> Boards:
    """Boards of several processes: each has the file open for itself."""

    def opened() -> SharedBoard:
        board = SharedBoard(path)
        request.addfinalizer(board.close)
        return board

    return opened


def fail(board: SharedBoard, route: Route = ROUTE) -> RouteHealth:
    return board.note(route, lambda health: health.failed(ProviderClosed("host", "broke"), AT))


def test_failures_in_three_sessions_open_the_route_in_a_fourth(boards: Boards) -> None:
    for _ in range(3):
        fail(boards())
    later = boards()
    assert later.health(ROUTE).is_open(AT)
    assert not later.health(OTHER).is_open(AT)


def test_first_tokens_are_kept_to_the_bit_and_within_their_number(boards: Boards) -> None:
    one, other = boards(), boards()
    for index in range(N_KEPT + 5):
        one.note(ROUTE, lambda health, s=0.1 * index: health.began(s, AT))  # type: ignore[misc]
    kept = tuple(0.1 * index for index in range(5, N_KEPT + 5))
    assert other.health(ROUTE) == RouteHealth(first_tokens_s=kept, measured_at=AT)


def test_what_a_host_wants_is_known_to_all(boards: Boards) -> None:
    one, other = boards(), boards()
    for quirk in QUIRKS:
        one.note(ROUTE, lambda health, quirk=quirk: health.learnt({quirk}, AT))  # type: ignore[misc]
    assert other.health(ROUTE) == RouteHealth().learnt(QUIRKS, AT)


def test_more_routes_than_slots_are_known_as_far_as_there_is_room(
    boards: Boards, path: Path
) -> None:
    board = boards()
    for index in range(4 * N_SLOTS):
        route = Route(upstream="openrouter", model=f"a/{index}")
        assert fail(board, route).n_failures == 1
        assert board.health(route).n_failures == 1
    assert path.stat().st_size < 100_000


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"\0" * 4096, pytest.param(Random(7).randbytes(80_000), id="noise")],
)
def test_a_file_that_is_something_else_is_begun_anew(
    content: bytes, path: Path, boards: Boards
) -> None:
    path.write_bytes(content)
    assert boards().health(ROUTE) == RouteHealth()
    fail(boards())
    assert boards().health(ROUTE).n_failures == 1


def test_a_slot_that_does_not_add_up_is_a_new_one(path: Path, boards: Boards) -> None:
    board = boards()
    fail(board)
    torn = bytearray(path.read_bytes())
    torn[-20] ^= 0xFF
    path.write_bytes(torn)
    assert board.health(ROUTE) == RouteHealth()
    assert fail(board).n_failures == 1


def test_a_file_that_was_cut_or_taken_away_does_no_harm(path: Path, boards: Boards) -> None:
    board = boards()
    fail(board)
    os.truncate(path, 20)
    assert fail(board).n_failures == 1
    path.unlink()
    assert fail(board).n_failures == 2


def test_a_process_that_stops_with_the_lock_holds_up_nobody(path: Path, boards: Boards) -> None:
    board = boards()
    with path.open("rb") as stopped:
        fcntl.flock(stopped, fcntl.LOCK_EX)
        assert fail(board).n_failures == 1


def test_without_a_file_a_session_learns_for_itself(tmp_path: Path) -> None:
    board = SharedBoard(tmp_path / "missing" / "routes")
    assert fail(board).n_failures == 1
    assert board.health(ROUTE).n_failures == 1
