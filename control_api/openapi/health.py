"""Health: shapes and routes."""

from typing import Final, Literal

from control_api.openapi.operation import Access, Operation, json_answer
from control_api.openapi.shown import Shown

_TAG: Final = "Health"

Word = Literal["ok", "unavailable"]


class Alive(Shown):
    """The process answers."""

    status: Literal["ok"]


class Checks(Shown):
    """What the API cannot serve without."""

    database: Word
    livekit: Word


class Ready(Shown):
    """Whether requests can be served."""

    status: Word
    checks: Checks


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
        summary="Whether database and LiveKit answer",
        access=Access.OPEN,
        answers=(
            json_answer(200, "They do.", Ready),
            json_answer(503, "One does not.", Ready, headers=("Retry-After",)),
        ),
    ),
)
