"""Credits: the balance and where it came from."""

from decimal import Decimal

from aiohttp import web

from control_api.access.auth import AUTHENTICATOR
from control_api.money.answers import Balance, Cost, CostItem, Transaction
from control_api.parts import DATABASE
from control_api.request.json_text import json_response
from control_api.request.pages import Page, page_response, part_of
from control_api.request.parsing import parse_query
from control_api.sessions.handlers import find_session
from store.ledger import LedgerRepository


async def get_balance(request: web.Request) -> web.Response:
    """`GET /api/v1/credits/balance`."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    async with request.app[DATABASE].connection() as connection:
        balance = await LedgerRepository(connection).balance(caller.tenant.id)
    return json_response(Balance.of(balance=balance))


async def list_transactions(request: web.Request) -> web.Response:
    """`GET /api/v1/credits/transactions`: newest first."""
    caller = await request.app[AUTHENTICATOR].authorise_person(request)
    tenant_id = caller.tenant.id
    part = part_of(request, parse_query(Page, request.query), tenant_id)
    async with request.app[DATABASE].connection() as connection:
        listed = await LedgerRepository(connection).list_page(tenant_id, part)
    return page_response(request, [Transaction.of(one) for one in listed.rows], listed, tenant_id)


async def get_cost(request: web.Request) -> web.Response:
    """`GET /v1/voice/sessions/{session_id}/cost`: what it came to so far."""
    caller = await request.app[AUTHENTICATOR].authorise(request)
    session = await find_session(request, caller.tenant.id)
    async with request.app[DATABASE].connection() as connection:
        items = await LedgerRepository(connection).cost(session.id)
    total = sum((item.credits for item in items), Decimal(0))
    shown = [CostItem.of(item) for item in items]
    return json_response(Cost.of(session_id=session.id, total_credits=total, items=shown))
