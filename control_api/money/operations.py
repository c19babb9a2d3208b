"""What the routes of credits, cost and usage take and give."""

from typing import Final

from control_api.money.answers import (
    Balance,
    Cost,
    LatencyGroup,
    SlowTurn,
    Transaction,
    UsageSummary,
)
from control_api.money.requests import LatencyQuery, SlowestQuery, SummaryQuery
from control_api.openapi.operation import Access, Operation, json_answer, list_answer
from control_api.request.pages import Page

_CREDITS: Final = "Credits"
_USAGE: Final = "Usage"


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/voice/sessions/{session_id}/cost",
        tag="Voice sessions",
        name="get_cost",
        summary="Read what a session cost, by service and model",
        access=Access.ANYONE,
        answers=(json_answer(200, "The cost so far.", Cost),),
    ),
    Operation(
        method="GET",
        path="/api/v1/credits/balance",
        tag=_CREDITS,
        name="get_balance",
        summary="Read the balance",
        access=Access.PERSON,
        answers=(json_answer(200, "The balance.", Balance),),
    ),
    Operation(
        method="GET",
        path="/api/v1/credits/transactions",
        tag=_CREDITS,
        name="list_transactions",
        summary="List grants, charges and adjustments, newest first",
        access=Access.PERSON,
        query=Page,
        answers=(list_answer("The page.", Transaction),),
    ),
    Operation(
        method="GET",
        path="/api/v1/usage/summary",
        tag=_USAGE,
        name="get_usage_summary",
        summary="Read how much was used in the last days",
        access=Access.ANYONE,
        query=SummaryQuery,
        answers=(json_answer(200, "The summary.", UsageSummary),),
    ),
    Operation(
        method="GET",
        path="/api/v1/usage/latency",
        tag=_USAGE,
        name="list_latencies",
        summary="Read percentiles of each stage, by model, voice, language, hour or day",
        access=Access.ANYONE,
        query=LatencyQuery,
        answers=(list_answer("One entry a group.", LatencyGroup),),
    ),
    Operation(
        method="GET",
        path="/api/v1/usage/slowest",
        tag=_USAGE,
        name="list_slowest",
        summary="List the turns in which a stage took longest",
        access=Access.ANYONE,
        query=SlowestQuery,
        answers=(list_answer("The slowest first.", SlowTurn),),
    ),
)
