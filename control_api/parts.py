"""What the application holds for its handlers, each under a typed key."""

from pathlib import Path
from typing import Final

from aiohttp import web

from control_api.auth import Authenticator
from control_api.rooms import Rooms
from control_api.webhooks.courier import Courier
from core.addresses import AddressGuard
from core.catalog import Catalog
from core.settings import Settings
from core.supervision import Health
from store.pool import Database
from store.sealing import Sealer

SETTINGS: Final = web.AppKey("settings", Settings)
CATALOG: Final = web.AppKey("catalog", Catalog)
DATABASE: Final = web.AppKey("database", Database)
ROOMS: Final = web.AppKey("rooms", Rooms)
HEALTH: Final = web.AppKey("health", Health)
SEALER: Final = web.AppKey("sealer", Sealer)
AUTHENTICATOR: Final = web.AppKey("authenticator", Authenticator)
ADDRESS_GUARD: Final = web.AppKey("address_guard", AddressGuard)
COURIER: Final = web.AppKey("courier", Courier)
CONSOLE_FOLDER: Final = web.AppKey("console_folder", Path)
