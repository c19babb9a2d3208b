"""Registered endpoints: made, changed, tested, forgotten; the default secret."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR, Caller
from control_api.access.noting import note
from control_api.parts import ADDRESS_GUARD, CATALOG, DATABASE, SEALER
from control_api.request.body import read_json
from control_api.request.errors import known
from control_api.request.idempotency import answer_once, keep
from control_api.request.json_text import compact, json_response
from control_api.request.json_values import moment
from control_api.request.pages import Page, page_response, part_of
from control_api.request.parsing import parse_body, parse_query
from control_api.request.paths import path_id
from control_api.webhooks.answers import DefaultSecret, Webhook, WebhookTest
from control_api.webhooks.courier import COURIER, Attempt, AttemptError
from control_api.webhooks.message import TEST_EVENT, Message
from control_api.webhooks.requests import ChangeWebhook, CreateWebhook
from control_api.webhooks.urls import require_webhook_url
from core.rights import Scope
from store.audit import Action
from store.outbox import WebhookId
from store.records import TenantId
from store.sealing import SealBroken
from store.secrets import SecretBox, masked
from store.webhooks import NewWebhook, WebhookChange, WebhookRecord, WebhookRepository


async def create_webhook(request: web.Request) -> web.Response:
    """`POST /api/v1/webhooks`; the secret is told here and never again."""
    caller = await authorise(request)
    value = await read_json(request)
    body = parse_body(CreateWebhook, value, request.app[CATALOG])
    plan = request.app[CATALOG].plans[caller.tenant.plan]

    async def make() -> web.Response:
        await require_webhook_url(request.app[ADDRESS_GUARD], body.url, "url")
        webhook_id = WebhookId(uuid4())
        secret = _box(request).make(webhook_id)
        new = NewWebhook(
            id=webhook_id,
            tenant_id=caller.tenant.id,
            url=body.url,
            events=body.events,
            sealed_secret=secret.sealed,
            is_active=body.is_active,
        )
        async with request.app[DATABASE].transaction() as connection:
            webhooks = WebhookRepository(connection)
            await webhooks.require_room(caller.tenant.id, plan.webhooks)
            webhook = await webhooks.add(new)
            await note(connection, caller, Action.WEBHOOK_CREATE, webhook_id)
            answer = json_response(Webhook.of(webhook, secret=secret.plaintext), status=201)
            return await keep(request, connection, answer)

    return await answer_once(request, caller.tenant.id, value, make)


async def list_webhooks(request: web.Request) -> web.Response:
    """`GET /api/v1/webhooks`: the tenant's, newest first."""
    caller = await authorise(request)
    tenant_id = caller.tenant.id
    part = part_of(request, parse_query(Page, request.query), tenant_id)
    async with request.app[DATABASE].connection() as connection:
        listed = await WebhookRepository(connection).list_page(tenant_id, part)
    return page_response(request, [_shown(request, one) for one in listed.rows], listed, tenant_id)


async def get_webhook(request: web.Request) -> web.Response:
    """`GET /api/v1/webhooks/{webhook_id}`."""
    caller = await authorise(request)
    return json_response(_shown(request, await find_webhook(request, caller.tenant.id)))


async def change_webhook(request: web.Request) -> web.Response:
    """`PUT /api/v1/webhooks/{webhook_id}`; what waits goes to where it was told to go."""
    caller = await authorise(request)
    body = parse_body(ChangeWebhook, await read_json(request), request.app[CATALOG])
    webhook_id = webhook_id_of(request)
    if body.url is not None:
        await find_webhook(request, caller.tenant.id)
        await require_webhook_url(request.app[ADDRESS_GUARD], body.url, "url")
    change = WebhookChange(url=body.url, events=body.events, is_active=body.is_active)
    with known("webhook"):
        async with request.app[DATABASE].transaction() as connection:
            changed = await WebhookRepository(connection).change(
                caller.tenant.id, webhook_id, change
            )
            await note(connection, caller, Action.WEBHOOK_CHANGE, webhook_id)
    return json_response(_shown(request, changed))


async def delete_webhook(request: web.Request) -> web.Response:
    """`DELETE /api/v1/webhooks/{webhook_id}`, with its log and what waits for it."""
    caller = await authorise(request)
    webhook_id = webhook_id_of(request)
    with known("webhook"):
        async with request.app[DATABASE].transaction() as connection:
            await WebhookRepository(connection).delete(caller.tenant.id, webhook_id)
            await note(connection, caller, Action.WEBHOOK_DELETE, webhook_id)
    return web.Response(status=204)


async def test_webhook(request: web.Request) -> web.Response:
    """`POST /api/v1/webhooks/{webhook_id}/test`: one attempt now, neither retried nor logged."""
    caller = await authorise(request)
    webhook = await find_webhook(request, caller.tenant.id)

    async def make() -> web.Response:
        payload = {"event": TEST_EVENT, "data": {"webhook_id": str(webhook.id)}}
        body = compact({**payload, "timestamp": moment(datetime.now(UTC))})
        message = Message(uuid4(), TEST_EVENT, body)
        try:
            secrets = _box(request).signing(
                webhook.sealed_secret, webhook.previous_sealed_secret, webhook.id
            )
        except SealBroken:
            attempt = Attempt(datetime.now(UTC), 0, error=AttemptError.SECRET_LOST)
        else:
            attempt = await request.app[COURIER].attempt(webhook.url, message, secrets)
        return json_response(WebhookTest.of(attempt, success=attempt.error is None))

    return await answer_once(request, caller.tenant.id, None, make)


async def rotate_secret(request: web.Request) -> web.Response:
    """`POST /api/v1/webhooks/{webhook_id}/rotate-secret`; every attempt from now on uses it,
    and for a day the one before it as well."""
    caller = await authorise(request)
    webhook = await find_webhook(request, caller.tenant.id)

    async def make() -> web.Response:
        secret = _box(request).make(webhook.id)
        change = WebhookChange(sealed_secret=secret.sealed)
        with known("webhook"):
            async with request.app[DATABASE].transaction() as connection:
                webhooks = WebhookRepository(connection)
                changed = await webhooks.change(caller.tenant.id, webhook.id, change)
                await note(connection, caller, Action.SECRET_ROTATE, webhook.id)
                answer = json_response(Webhook.of(changed, secret=secret.plaintext))
                return await keep(request, connection, answer)

    return await answer_once(request, caller.tenant.id, None, make)


async def get_default_secret(request: web.Request) -> web.Response:
    """`GET /api/v1/webhooks/default-secret`, masked; made at the first look if need be."""
    caller = await authorise(request)
    box, tenant_id = _box(request), caller.tenant.id
    async with request.app[DATABASE].connection() as connection:
        kept = await WebhookRepository(connection).default_secret(
            tenant_id, box.make(tenant_id).sealed
        )
    secret = _masked(box, kept.sealed_secret, tenant_id)
    return json_response(DefaultSecret.of(kept, secret=secret))


async def rotate_default_secret(request: web.Request) -> web.Response:
    """`POST /api/v1/webhooks/default-secret/rotate`; the only time that it is told."""
    caller = await authorise(request)

    async def make() -> web.Response:
        secret = _box(request).make(caller.tenant.id)
        async with request.app[DATABASE].transaction() as connection:
            kept = await WebhookRepository(connection).rotate_default_secret(
                caller.tenant.id, secret.sealed
            )
            await note(connection, caller, Action.SECRET_ROTATE, caller.tenant.id)
            answer = json_response(DefaultSecret.of(kept, secret=secret.plaintext))
            return await keep(request, connection, answer)

    return await answer_once(request, caller.tenant.id, None, make)


async def authorise(request: web.Request) -> Caller:
    """Who may manage webhooks: owners and admins, and keys with the scope. Raises `ApiError`."""
    return await request.app[AUTHENTICATOR].authorise_scope(request, Scope.WRITE_WEBHOOKS)


def webhook_id_of(request: web.Request) -> WebhookId:
    """The endpoint that the path names. Raises `ApiError` (404) for what is no UUID."""
    return WebhookId(path_id(request, "webhook_id", "webhook"))


async def find_webhook(request: web.Request, tenant_id: TenantId) -> WebhookRecord:
    """The tenant's endpoint that the path names. Raises `ApiError` (404)."""
    webhook_id = webhook_id_of(request)
    with known("webhook"):
        async with request.app[DATABASE].connection() as connection:
            return await WebhookRepository(connection).get(tenant_id, webhook_id)


def _shown(request: web.Request, webhook: WebhookRecord) -> Webhook:
    return Webhook.of(webhook, secret=_masked(_box(request), webhook.sealed_secret, webhook.id))


def _masked(box: SecretBox, sealed: bytes, owner: UUID) -> str | None:
    """None for one that was sealed with a key that is gone."""
    try:
        return masked(box.open(sealed, owner))
    except SealBroken:
        return None


def _box(request: web.Request) -> SecretBox:
    return SecretBox(request.app[SEALER])
