"""Where the health of routes is kept: in this process, or by a board that several share."""

from collections.abc import Callable
from typing import Protocol

from core.catalog import Route
from pipeline.route_health import RouteHealth

Change = Callable[[RouteHealth], RouteHealth]


class RouteBoard(Protocol):
    """The health of each route. Nothing here waits or raises."""

    def health(self, route: Route) -> RouteHealth:
        """What is known of the route."""
        ...

    def note(self, route: Route, change: Change) -> RouteHealth:
        """Change what is known, and return it. `change` is pure and quick."""
        ...


class OwnBoard:
    """A board for one process."""

    def __init__(self) -> None:
        self._known: dict[str, RouteHealth] = {}

    def health(self, route: Route) -> RouteHealth:
        """What is known of the route."""
        return self._known.get(route_id(route), RouteHealth())

    def note(self, route: Route, change: Change) -> RouteHealth:
        """Change what is known."""
        health = self._known[route_id(route)] = change(self.health(route))
        return health


def route_id(route: Route) -> str:
    """Two catalog models that are served by the same one of a host share its fate."""
    return f"{route.upstream} {route.model}"
