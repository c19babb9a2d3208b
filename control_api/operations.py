"""Every route's declaration, in the order of the docs page."""

from typing import Final

from control_api.bots import described as bots
from control_api.catalog import described as catalog
from control_api.keys import described as keys
from control_api.openapi import health, money, sessions, webhooks
from control_api.openapi.operation import Operation

OPERATIONS: Final[tuple[Operation, ...]] = (
    *sessions.OPERATIONS,
    *bots.OPERATIONS,
    *webhooks.OPERATIONS,
    *keys.OPERATIONS,
    *money.OPERATIONS,
    *catalog.OPERATIONS,
    *health.OPERATIONS,
)
