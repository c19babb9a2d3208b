"""What the route of the talk takes and gives."""

from typing import Final

from control_api.openapi.operation import Access, Operation, json_answer
from control_api.talk.answers import Talked

OPERATIONS: Final = (
    Operation(
        method="POST",
        path="/api/v1/status/talk",
        tag="Health",
        name="hold_talk",
        summary="Talk once to the speech and model providers: each stage's latency, what to set",
        access=Access.ANYONE,
        answers=(json_answer(200, "What was found, at most twenty seconds ago.", Talked),),
    ),
)
