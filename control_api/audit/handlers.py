"""What was done to a tenant's keys, webhooks, bots, money and sessions, and by whom."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.audit.answers import Entry
from control_api.parts import DATABASE
from control_api.request.pages import Page, page_response, part_of
from control_api.request.parsing import parse_query
from store.audit import AuditRepository


async def list_entries(request: web.Request) -> web.Response:
    """`GET /api/v1/audit`: newest first."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    tenant_id = caller.tenant.id
    part = part_of(request, parse_query(Page, request.query), tenant_id)
    async with request.app[DATABASE].connection() as connection:
        listed = await AuditRepository(connection).list_page(tenant_id, part)
    return page_response(request, [Entry.of(one) for one in listed.rows], listed, tenant_id)
