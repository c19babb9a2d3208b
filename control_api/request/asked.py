"""What a request asks for, in few words: they become labels, however many a client invents."""

from dataclasses import dataclass
from typing import Final, Self

from aiohttp import web

OTHER: Final = "other"
UNMATCHED: Final = "unmatched"
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Method and route; `OTHER` and `UNMATCHED` where there is none such."""

    method: str
    route: str

    @classmethod
    def of(cls, request: web.Request) -> Self:
        """Of a request."""
        resource = request.match_info.route.resource
        return cls(
            request.method if request.method in _METHODS else OTHER,
            UNMATCHED if resource is None else resource.canonical,
        )
