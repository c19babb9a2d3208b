"""Health: shapes and routes."""

from datetime import datetime
from typing import Final, Literal

from pydantic import Field

from control_api.openapi.operation import Access, Operation, json_answer
from control_api.openapi.shown import Shown

_TAG: Final = "Health"

Word = Literal["ok", "unavailable"]


class Alive(Shown):
    """The process answers."""

    status: Literal["ok"]


class Checks(Shown):
    """What the API cannot serve without, each `ok` or what is wrong."""

    database: Literal["ok", "unavailable", "read-only"]
    migrations: str
    """`unavailable`, or `lacks` and those that have not been applied."""
    livekit: Word
    tasks: str
    """`down:` and the background tasks that ended and have not run well since."""


class Ready(Shown):
    """Whether requests can be served."""

    status: Word
    checks: Checks


class Dependency(Shown):
    """One of the things that a session needs."""

    name: str
    ok: bool
    version: str | None
    """Where it tells one."""
    latency_ms: int | None = Field(ge=0)
    """Of the question, connecting included; null without an answer."""
    hint: str | None
    """What to do; null when all is well."""


class Status(Shown):
    """How every dependency did at the last look."""

    ok: bool
    checked_at: datetime
    checks: list[Dependency]


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/healthz",
        tag=_TAG,
        name="is_alive",
        summary="Whether the process lives",
        access=Access.OPEN,
        answers=(json_answer(200, "It does.", Alive),),
    ),
    Operation(
        method="GET",
        path="/readyz",
        tag=_TAG,
        name="is_ready",
        summary="Whether all that the API needs is there; asked once a second at most",
        access=Access.OPEN,
        answers=(
            json_answer(200, "It is.", Ready),
            json_answer(503, "Something is not.", Ready, headers=("Retry-After",)),
        ),
    ),
    Operation(
        method="GET",
        path="/api/v1/status",
        tag=_TAG,
        name="get_status",
        summary="Ask every dependency: database, LiveKit, speech and model providers",
        access=Access.ANYONE,
        answers=(json_answer(200, "The last look, at most ten seconds old.", Status),),
    ),
)
