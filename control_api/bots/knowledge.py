"""What a bot knows: text documents."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.bots.answers import Document, ListedDocument
from control_api.bots.handlers import bot_id_of
from control_api.bots.requests import CreateDocument
from control_api.parts import CATALOG, DATABASE
from control_api.request.body import read_json
from control_api.request.errors import known
from control_api.request.idempotency import answer_once, keep
from control_api.request.json_text import json_response
from control_api.request.pages import Page, page_response, part_of
from control_api.request.parsing import parse_body, parse_query
from control_api.request.paths import path_id
from core.rights import EVERYONE, Scope
from store.knowledge import DocumentId, KnowledgeCaps, KnowledgeRepository


async def create_document(request: web.Request) -> web.Response:
    """`POST /api/v1/bots/{bot_id}/knowledge`; it is searched from the next turn on."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.WRITE_BOTS)
    bot_id = bot_id_of(request)
    given = await read_json(request)
    body = parse_body(CreateDocument, given, request.app[CATALOG])
    plan = request.app[CATALOG].plans[caller.tenant.plan]
    caps = KnowledgeCaps(plan.bot_documents, plan.bot_document_bytes)

    async def make() -> web.Response:
        async with request.app[DATABASE].transaction() as connection:
            knowledge = KnowledgeRepository(connection)
            with known("bot"):
                await knowledge.require_room(caller.tenant.id, bot_id, body.content, caps)
                added = await knowledge.add(caller.tenant.id, bot_id, body.name, body.content)
            return await keep(request, connection, json_response(Document.of(added), status=201))

    return await answer_once(request, caller.tenant.id, given, make)


async def list_documents(request: web.Request) -> web.Response:
    """`GET /api/v1/bots/{bot_id}/knowledge`: newest first, without their texts."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(
        request, Scope.READ_BOTS, roles=EVERYONE
    )
    tenant_id, bot_id = caller.tenant.id, bot_id_of(request)
    part = part_of(request, parse_query(Page, request.query), tenant_id)
    async with request.app[DATABASE].connection() as connection:
        with known("bot"):
            listed = await KnowledgeRepository(connection).list_page(tenant_id, bot_id, part)
    shown = [ListedDocument.of(one) for one in listed.rows]
    return page_response(request, shown, listed, tenant_id)


async def get_document(request: web.Request) -> web.Response:
    """`GET /api/v1/bots/{bot_id}/knowledge/{document_id}`."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(
        request, Scope.READ_BOTS, roles=EVERYONE
    )
    place = (caller.tenant.id, bot_id_of(request), _document_id(request))
    async with request.app[DATABASE].connection() as connection:
        with known("document"):
            document = await KnowledgeRepository(connection).get(*place)
    return json_response(Document.of(document))


async def delete_document(request: web.Request) -> web.Response:
    """`DELETE /api/v1/bots/{bot_id}/knowledge/{document_id}`."""
    caller = await request.app[AUTHENTICATOR].authorise_scope(request, Scope.WRITE_BOTS)
    place = (caller.tenant.id, bot_id_of(request), _document_id(request))
    async with request.app[DATABASE].connection() as connection:
        with known("document"):
            await KnowledgeRepository(connection).delete(*place)
    return web.Response(status=204)


def _document_id(request: web.Request) -> DocumentId:
    return DocumentId(path_id(request, "document_id", "document"))
