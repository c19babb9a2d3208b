"""What the application holds for its handlers, each under a typed key."""

from pathlib import Path
from typing import Final

from aiohttp import web

from control_api.auth import Authenticator
from control_api.rooms import Rooms
from core.catalog import Catalog
from core.settings import Settings
from store.pool import Database

SETTINGS: Final = web.AppKey("settings", Settings)
CATALOG: Final = web.AppKey("catalog", Catalog)
DATABASE: Final = web.AppKey("database", Database)
ROOMS: Final = web.AppKey("rooms", Rooms)
AUTHENTICATOR: Final = web.AppKey("authenticator", Authenticator)
CONSOLE_FOLDER: Final = web.AppKey("console_folder", Path)
