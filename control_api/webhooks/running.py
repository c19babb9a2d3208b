"""What the application runs for webhooks, opened and closed with it."""

from collections.abc import AsyncIterator

from aiohttp import web

from control_api.parts import ADDRESS_GUARD, DATABASE, HEALTH, SEALER, SETTINGS
from control_api.webhooks.courier import COURIER, Courier
from control_api.webhooks.sender import Sender, SenderParts
from core.addresses import AddressGuard, SystemLookup, policy_of
from store.secrets import SecretBox


async def courier(app: web.Application) -> AsyncIterator[None]:
    """The guard of addresses, and the courier behind it."""
    settings = app[SETTINGS].webhooks
    lookup = SystemLookup()
    guard = AddressGuard(policy_of(settings), lookup)
    app[ADDRESS_GUARD] = guard
    try:
        async with Courier.opened(guard, settings.timeout_s) as opened:
            app[COURIER] = opened
            yield
    finally:
        lookup.close()


async def sender(app: web.Application) -> AsyncIterator[None]:
    """This process's share of the outbox."""
    parts = SenderParts(app[DATABASE], app[COURIER], SecretBox(app[SEALER]))
    async with Sender.running(parts, app[SETTINGS].webhooks, health=app[HEALTH]):
        yield
