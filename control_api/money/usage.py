"""Usage: how much, and how fast."""

from typing import Final

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.money.usage_queries import LatencyQuery, SlowestQuery, SummaryQuery
from control_api.money.views import latency_view, slow_turn_view, summary_view
from control_api.parts import DATABASE
from control_api.request.json_text import json_response
from control_api.request.parsing import parse_query
from store.usage import UsageRepository

_SCOPE: Final = "usage:read"


async def get_summary(request: web.Request) -> web.Response:
    """`GET /api/v1/usage/summary?days=`."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, _SCOPE)
    days = parse_query(SummaryQuery, request.query).days
    async with request.app[DATABASE].connection() as connection:
        summary = await UsageRepository(connection).summary(caller.tenant.id, days)
    return json_response(summary_view(summary, days))


async def list_latencies(request: web.Request) -> web.Response:
    """`GET /api/v1/usage/latency?from&to&group_by=`: one entry a group."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, _SCOPE)
    query = parse_query(LatencyQuery, request.query)
    async with request.app[DATABASE].connection() as connection:
        usage = UsageRepository(connection)
        groups = await usage.latency(caller.tenant.id, query.turns(), query.group_by)
    shown = groups[query.offset : query.offset + query.limit]
    return json_response(
        [latency_view(one) for one in shown], headers={"X-Total-Count": str(len(groups))}
    )


async def list_slowest(request: web.Request) -> web.Response:
    """`GET /api/v1/usage/slowest?stage=&from&to`: the slowest turns first."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, _SCOPE)
    query = parse_query(SlowestQuery, request.query)
    async with request.app[DATABASE].connection() as connection:
        found, total = await UsageRepository(connection).slowest(
            caller.tenant.id,
            query.turns(),
            query.stage,
            limit=query.limit,
            offset=query.offset,
        )
    headers = {"X-Total-Count": str(total)}
    return json_response([slow_turn_view(one) for one in found], headers=headers)
