"""Every route's declaration, in the order of the docs page."""

from typing import Final

from control_api.audit import operations as audit
from control_api.bots import operations as bots
from control_api.catalog import operations as catalog
from control_api.health import operations as health
from control_api.keys import operations as keys
from control_api.money import operations as money
from control_api.openapi.operation import Operation
from control_api.sessions import operations as sessions
from control_api.talk import operations as talk
from control_api.webhooks import operations as webhooks

OPERATIONS: Final[tuple[Operation, ...]] = (
    *sessions.OPERATIONS,
    *bots.OPERATIONS,
    *webhooks.OPERATIONS,
    *keys.OPERATIONS,
    *money.OPERATIONS,
    *audit.OPERATIONS,
    *catalog.OPERATIONS,
    *health.OPERATIONS,
    *talk.OPERATIONS,
)
