"""Usage: how much, and how fast."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.money.answers import (
    CostItem,
    LatencyGroup,
    Percentiles,
    SlowTurn,
    Stages,
    TurnStages,
    UsageSummary,
)
from control_api.money.requests import LatencyQuery, SlowestQuery, SummaryQuery
from control_api.request.json_text import json_response
from control_api.request.pages import page_response, part_of
from control_api.request.parsing import parse_query
from control_api.request.reports import REPORTS
from core.rights import Scope
from store import usage as stored
from store.latencies import LatencyRepository
from store.summaries import SummaryRepository
from store.usage import UsageRepository


async def get_summary(request: web.Request) -> web.Response:
    """`GET /api/v1/usage/summary?days=`."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.READ_USAGE)
    days = parse_query(SummaryQuery, request.query).days
    async with request.app[REPORTS].transaction(caller.tenant.id) as connection:
        summary = await SummaryRepository(connection).summary(caller.tenant.id, days)
    shown = UsageSummary.of(
        summary,
        days=days,
        audio_seconds=round(summary.audio_seconds, 3),
        items=[CostItem.of(item) for item in summary.items],
    )
    return json_response(shown)


async def list_latencies(request: web.Request) -> web.Response:
    """`GET /api/v1/usage/latency?from&to&group_by=`: one entry a group."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.READ_USAGE)
    query = parse_query(LatencyQuery, request.query)
    tenant_id = caller.tenant.id
    part = part_of(request, query, tenant_id)
    async with request.app[REPORTS].transaction(tenant_id) as connection:
        latencies = LatencyRepository(connection)
        listed = await latencies.latency(tenant_id, query.turns(), query.group_by, part)
    return page_response(request, [_latencies(one) for one in listed.rows], listed, tenant_id)


async def list_slowest(request: web.Request) -> web.Response:
    """`GET /api/v1/usage/slowest?stage=&from&to`: the slowest turns first."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.READ_USAGE)
    query = parse_query(SlowestQuery, request.query)
    tenant_id = caller.tenant.id
    part = part_of(request, query, tenant_id)
    async with request.app[REPORTS].transaction(tenant_id) as connection:
        usage = UsageRepository(connection)
        listed = await usage.slowest(tenant_id, query.turns(), query.stage, part)
    return page_response(request, [_slow_turn(one) for one in listed.rows], listed, tenant_id)


def _latencies(group: stored.LatencyGroup) -> LatencyGroup:
    stages = {stage.value: Percentiles.of(one) for stage, one in group.stages.items()}
    return LatencyGroup.of(group=group.name, stages=Stages.of(**stages))


def _slow_turn(turn: stored.SlowTurn) -> SlowTurn:
    stages = {stage.value: took_ms for stage, took_ms in turn.stages.items()}
    return SlowTurn.of(turn, stages=TurnStages.of(**stages))
