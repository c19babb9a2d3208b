"""What the routes of health take and give."""

from typing import Final

from control_api.health.answers import Alive, Ready, Status
from control_api.openapi.operation import Access, Operation, json_answer

_TAG: Final = "Health"

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
