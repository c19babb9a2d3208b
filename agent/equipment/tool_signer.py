"""Signs calls of tools with the tenant's default webhook secret."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.signing import signed_headers
from store.pool import Database
from store.records import TenantId
from store.secrets import SecretBox
from store.webhooks import WebhookRepository


class ToolSigner(Protocol):
    """Proves to a tool's server whose request it is."""

    async def headers(
        self, event: str, request_id: UUID, body: bytes, *, at: datetime
    ) -> dict[str, str]:
        """The headers of a request. Raises `StoreError`."""
        ...


class DefaultSecretSigner:
    """Implements `ToolSigner` with the secret that signs the webhooks of the tenant's sessions.

    It is read when a session first calls a tool; one that is rotated meanwhile signs the next
    session's calls, with the one before it for a day.
    """

    def __init__(self, database: Database, secrets: SecretBox, tenant_id: TenantId) -> None:
        self._database = database
        self._secrets = secrets
        self._tenant_id = tenant_id
        self._signing: Sequence[str] = ()

    async def headers(
        self, event: str, request_id: UUID, body: bytes, *, at: datetime
    ) -> dict[str, str]:
        """The headers of a request. Raises `StoreError`."""
        secrets = self._signing = self._signing or await self._read()
        return signed_headers(event, request_id, body, secrets=secrets, at=at)

    async def _read(self) -> Sequence[str]:
        fresh = self._secrets.make(self._tenant_id).sealed
        async with self._database.connection() as connection:
            kept = await WebhookRepository(connection).default_secret(self._tenant_id, fresh)
        sealed = kept.sealed_secret, kept.previous_sealed_secret
        return self._secrets.signing(*sealed, self._tenant_id)
