"""The console's set-up as a person uses it, as the owner of a tenant of a development server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import uuid4

import aiohttp
import asyncpg
from playwright.async_api import Locator, Page, expect

from core.rights import Plan
from store.tenants import TenantRepository
from tests.e2e.system import System
from tests.servers import ApiProcess

_JWT_SECRET: Final = "a-secret-for-tests-only-32-bytes-or-more"


@asynccontextmanager
async def owned(system: System) -> AsyncIterator[str]:
    """The address of an API whose console signs in as the owner of a new tenant."""
    connection = await asyncpg.connect(system.dsn)
    try:
        tenants = TenantRepository(connection)
        tenant = await tenants.add(uuid4().hex, Plan.ENTERPRISE, Decimal(100))
    finally:
        await connection.close()
    env = {
        **system.env,
        "AUTH_JWT_SECRET": _JWT_SECRET,
        "CONSOLE_TENANT_ID": str(tenant.id),
        "WEBHOOK_ALLOW_PRIVATE": "true",
    }
    api = await ApiProcess.start(env)
    try:
        yield api.url
    finally:
        api.process.stop()


@dataclass(frozen=True)
class SetupPage:
    """The pages of the set-up of one API."""

    page: Page
    url: str

    async def open(self, path: str) -> None:
        """One of the pages, by its own address."""
        await self.page.goto(f"{self.url}/console/{path}")

    async def go_to(self, name: str) -> None:
        """Another of the pages, by its name above the title."""
        parts = self.page.get_by_role("navigation", name="Set-up")
        await parts.get_by_role("link", name=name, exact=True).click()
        await expect(self.title(name)).to_be_focused()

    def title(self, name: str) -> Locator:
        """The page's title."""
        return self.page.get_by_role("heading", level=1, name=name, exact=True)

    def button(self, name: str) -> Locator:
        """By its words; a row's by what it does and to what, `Delete: Shop`."""
        return self.page.get_by_role("button", name=name, exact=True)

    def row(self, name: str) -> Locator:
        """A table's row that tells of this."""
        return self.page.get_by_role("row").filter(has_text=name)

    def status(self, words: str) -> Locator:
        """Something told as a status."""
        return self.page.get_by_role("status").filter(has_text=words)

    async def secret(self) -> str:
        """What is shown once."""
        return await self.page.get_by_role("dialog").locator("input[readonly]").input_value()

    async def confirm(self, name: str) -> None:
        """Press this in the dialog, and wait until it is gone."""
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("button", name=name, exact=True).click()
        await expect(dialog).to_have_count(0)

    async def status_with(self, key: str) -> int:
        """What the API answers to a program with this key."""
        headers = {"Authorization": f"Bearer {key}"}
        async with (
            aiohttp.ClientSession(self.url, headers=headers) as http,
            http.get("/v1/voice/sessions") as answer,
        ):
            return answer.status
