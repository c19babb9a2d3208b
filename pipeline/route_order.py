"""In which order a model's routes are asked: as listed, or by how soon their answers begin. Pure.

    listed     a 700 ms    b ?    c 640 ms    d 400 ms    e another model
    by speed   d           b      a           c           e

A route goes ahead of one that is listed before it only where it gains `MARGIN_S`; one that was not
measured, or has another model than the first, keeps its place. Once the first is measured, another
whose last first token is `TRY_EVERY_S` old is asked first, for one answer.
"""

import re
from collections.abc import Sequence
from typing import Final, TypeVar

from core.catalog import Route
from pipeline.attempt import Upstream
from pipeline.route_board import RouteBoard

MARGIN_S: Final = 0.05
"""Less is not heard, and the operator's own order has its reasons."""

U = TypeVar("U", bound=Upstream)


def by_speed(upstreams: Sequence[U], board: RouteBoard) -> list[U]:
    """The order of what is known."""
    movable = [one for one in upstreams if _may_move(one, upstreams[0], board)]
    ordered: list[U] = []
    for one in movable:
        place = len(ordered)
        while place and _usual_s(one, board) + MARGIN_S <= _usual_s(ordered[place - 1], board):
            place -= 1
        ordered.insert(place, one)
    sorted_ones = iter(ordered)
    return [next(sorted_ones) if one in movable else one for one in upstreams]


def due(ordered: Sequence[U], board: RouteBoard, at: float) -> U | None:
    """Which of the others is to be measured now, the longest waited for first."""
    first, *others = ordered
    if board.health(first.route).usual_s is None:
        return None
    same = [one for one in others if is_same_model(one.route, first.route)]
    longest = min(same, key=lambda one: board.health(one.route).due_at, default=None)
    is_due = longest is not None and board.health(longest.route).due_at <= at
    return longest if is_due else None


def is_same_model(one: Route, other: Route) -> bool:
    """Hosts write one model in several ways: `moonshotai/kimi-k2.5`, `…/models/Kimi-K2_5`."""
    return _plain(one.model) == _plain(other.model)


def _plain(model: str) -> str:
    return re.sub(r"\W|_", "", model.rpartition("/")[2]).casefold()


def _may_move(one: Upstream, first: Upstream, board: RouteBoard) -> bool:
    is_known = board.health(one.route).usual_s is not None
    return is_known and is_same_model(one.route, first.route)


def _usual_s(one: Upstream, board: RouteBoard) -> float:
    return board.health(one.route).usual_s or 0.0
