"""What the application holds for all its handlers, each under a typed key.

What a part makes itself has its key beside its class.
"""

import asyncio
from typing import Final

from aiohttp import web

from core.addresses import AddressGuard
from core.catalog import Catalog
from core.settings import Settings
from core.spans import Traces
from core.supervision import Health
from store.listener import Listener
from store.pool import Database
from store.sealing import Sealer

SETTINGS: Final = web.AppKey("settings", Settings)
CATALOG: Final = web.AppKey("catalog", Catalog)
DATABASE: Final = web.AppKey("database", Database)
HEALTH: Final = web.AppKey("health", Health)
DRAINING: Final = web.AppKey("draining", asyncio.Event)
"""Set once the process is told to stop."""
LISTENER: Final = web.AppKey("listener", Listener)
SEALER: Final = web.AppKey("sealer", Sealer)
ADDRESS_GUARD: Final = web.AppKey("address_guard", AddressGuard)
TRACES: Final = web.AppKey("traces", Traces)
"""Only where the settings name a collector."""
