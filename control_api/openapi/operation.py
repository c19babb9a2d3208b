"""What is declared of a route: everything that a client must know to call it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from pydantic import BaseModel

from control_api.request.errors import ErrorCode

_OF_LISTS: Final = ("X-Total-Count", "X-Total-Count-Relation", "X-Next-Cursor")
_PATH_PARAMETER: Final = re.compile(r"\{(\w+)\}")


class Access(Enum):
    """Who may call: the names of the security schemes, any one of which is enough."""

    OPEN = ()
    ANYONE = ("ApiKey", "Jwt")
    PERSON = ("Jwt",)


@dataclass(frozen=True, slots=True)
class Answer:
    """A success. `content` maps a media type to the type of its body; empty: no body."""

    status: int
    description: str
    content: Mapping[str, Any] = field(default_factory=dict)
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route. `path` is as the router shows it, `tag` groups routes on the docs page.

    `body_is_optional`: it may be left out; `errors` are the codes beyond those that access, body,
    query and path bring by themselves; `example` is a request body that works.
    """

    method: str
    path: str
    tag: str
    name: str
    summary: str
    access: Access
    answers: tuple[Answer, ...]
    body: type[BaseModel] | None = None
    body_is_optional: bool = False
    query: type[BaseModel] | None = None
    example: Mapping[str, Any] | None = None
    request_headers: tuple[str, ...] = ()
    errors: frozenset[ErrorCode] = frozenset()

    @property
    def path_parameters(self) -> list[str]:
        """The names in the path, in order."""
        return _PATH_PARAMETER.findall(self.path)

    @property
    def error_codes(self) -> frozenset[ErrorCode]:
        """Every code that this route can answer with."""
        found = {ErrorCode.INVALID_REQUEST, ErrorCode.INTERNAL_ERROR, *self.errors}
        if self.access is not Access.OPEN:
            found |= _OF_ACCESS
        if self.body is not None:
            found |= _OF_BODY
        if self.query is not None:
            found.add(ErrorCode.VALIDATION_ERROR)
        if self.path_parameters:
            found.add(ErrorCode.NOT_FOUND)
        if self.method == "POST":
            found |= _OF_IDEMPOTENCY
        return frozenset(found)


def json_answer(
    status: int, description: str, shape: Any, *, headers: tuple[str, ...] = ()
) -> Answer:
    """A JSON body of type `shape`."""
    return Answer(status, description, {"application/json": shape}, headers)


def list_answer(description: str, item: type[BaseModel]) -> Answer:
    """A bare array with the count of all that the filter matches, and the way to the next page."""
    return json_answer(200, description, list[item], headers=_OF_LISTS)  # type: ignore[valid-type]


_OF_ACCESS: Final = frozenset(
    {
        ErrorCode.INVALID_API_KEY,
        ErrorCode.TOKEN_EXPIRED,
        ErrorCode.API_KEY_EXPIRED,
        ErrorCode.PERMISSION_DENIED,
        ErrorCode.DOMAIN_NOT_ALLOWED,
        ErrorCode.RATE_LIMIT_EXCEEDED,
        ErrorCode.TOO_MANY_CONCURRENT_REQUESTS,
        ErrorCode.SERVICE_UNAVAILABLE,
    }
)
_OF_BODY: Final = frozenset(
    {
        ErrorCode.INVALID_JSON,
        ErrorCode.REQUEST_TIMEOUT,
        ErrorCode.REQUEST_TOO_LARGE,
        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
        ErrorCode.VALIDATION_ERROR,
    }
)
_OF_IDEMPOTENCY: Final = frozenset(
    {ErrorCode.VALIDATION_ERROR, ErrorCode.IDEMPOTENCY_CONFLICT, ErrorCode.CONFLICT}
)
