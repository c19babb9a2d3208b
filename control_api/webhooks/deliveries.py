"""The log of webhook deliveries, of an endpoint and of the URLs that sessions brought along."""

from aiohttp import web

from control_api.parts import DATABASE
from control_api.request.errors import known
from control_api.request.idempotency import answer_once, keep
from control_api.request.json_text import json_response
from control_api.request.pages import page_response, part_of
from control_api.request.parsing import parse_query
from control_api.request.paths import path_id
from control_api.webhooks.answers import Attempt, Delivery, WholeDelivery
from control_api.webhooks.handlers import authorise, find_webhook
from control_api.webhooks.message import payload_of
from control_api.webhooks.requests import ListDeliveries
from store.deliveries import DeliveryFilter, DeliveryRepository, Target
from store.outbox import DeliveryId
from store.records import SessionId, TenantId


async def list_deliveries(request: web.Request) -> web.Response:
    """`GET /api/v1/webhooks[/{webhook_id}]/deliveries`: newest first."""
    caller = await authorise(request)
    query = parse_query(ListDeliveries, request.query)
    target = await _target(request, caller.tenant.id)
    session_id = None if query.session_id is None else SessionId(query.session_id)
    wanted = DeliveryFilter(session_id, query.status)
    part = part_of(request, query, caller.tenant.id)
    async with request.app[DATABASE].connection() as connection:
        listed = await DeliveryRepository(connection).list_page(target, part, wanted)
    shown = [Delivery.of(one) for one in listed.rows]
    return page_response(request, shown, listed, caller.tenant.id)


async def get_delivery(request: web.Request) -> web.Response:
    """`GET /api/v1/webhooks[/{webhook_id}]/deliveries/{delivery_id}`, with payload and attempts."""
    caller = await authorise(request)
    target = await _target(request, caller.tenant.id)
    delivery_id = _delivery_id(request)
    with known("delivery"):
        async with request.app[DATABASE].connection() as connection:
            delivery, attempts = await DeliveryRepository(connection).get(target, delivery_id)
    payload = payload_of(delivery.event, delivery.data, delivery.occurred_at)
    log = [Attempt.of(one) for one in attempts]
    return json_response(WholeDelivery.of(delivery, payload=payload, attempt_log=log))


async def replay_delivery(request: web.Request) -> web.Response:
    """`POST /api/v1/webhooks[/{webhook_id}]/deliveries/{delivery_id}/replay`: a new delivery."""
    caller = await authorise(request)
    target = await _target(request, caller.tenant.id)
    delivery_id = _delivery_id(request)

    async def make() -> web.Response:
        with known("delivery"):
            async with request.app[DATABASE].transaction() as connection:
                replay = await DeliveryRepository(connection).replay(target, delivery_id)
                answer = json_response(Delivery.of(replay), status=202)
                return await keep(request, connection, answer)

    return await answer_once(request, caller.tenant.id, None, make)


async def _target(request: web.Request, tenant_id: TenantId) -> Target:
    """The endpoint that the path names, or the tenant's sessions' own URLs where it names none."""
    if "webhook_id" not in request.match_info:
        return Target(tenant_id)
    return Target(tenant_id, (await find_webhook(request, tenant_id)).id)


def _delivery_id(request: web.Request) -> DeliveryId:
    return DeliveryId(path_id(request, "delivery_id", "delivery"))
