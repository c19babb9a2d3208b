"""What was done to a tenant's keys, webhooks, bots, money and sessions, and by whom."""

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.audit.answers import Entry
from control_api.parts import DATABASE
from control_api.request.json_text import page_response
from control_api.request.parsing import Page, parse_query
from store.audit import AuditRepository


async def list_entries(request: web.Request) -> web.Response:
    """`GET /api/v1/audit`: newest first."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    page = parse_query(Page, request.query)
    async with request.app[DATABASE].connection() as connection:
        audit = AuditRepository(connection)
        found, total = await audit.list_page(caller.tenant.id, page.limit, page.offset)
    return page_response([Entry.of(one) for one in found], total)
