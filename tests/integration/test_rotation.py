"""Secrets under one key, sealed anew under the next while they are used."""

import json
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from core.rights import Plan
from store.audit import Actor, ActorKind
from store.bot_versions import BotVersionRepository
from store.bots import BotFields, BotRepository
from store.outbox import WebhookEvent, WebhookId
from store.pool import Database
from store.records import EndReason, NewSession, SessionId, TenantId
from store.rotation import rotate
from store.sealing import Sealer
from store.secrets import SecretBox
from store.sessions import SessionRepository
from store.tenants import TenantRepository
from store.tools import ToolRecord, open_headers, seal_headers
from store.webhooks import NewWebhook, WebhookChange, WebhookRepository
from tests.integration.commands import run, told
from tests.integration.rows import create_session

OLD: Final = SecretStr("an old key of thirty-two bytes or more")
NEW: Final = SecretStr("a new key of thirty-two bytes or more")
HEADERS: Final = {"Authorization": "Bearer of the shop"}


def tool(sealer: Sealer, tenant_id: TenantId) -> ToolRecord:
    sealed = seal_headers(sealer, tenant_id, HEADERS)
    return ToolRecord("book", "Books.", "{}", "https://shop.example/", 5.0, "", ("a",), sealed)


class Kept:
    """A tenant with everything that is sealed, under `sealer`'s first key."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer
        self._secrets: dict[UUID, str] = {}

    async def add(self) -> "Kept":
        box = SecretBox(self._sealer)
        async with self._database.transaction() as connection:
            self.tenant_id = (await TenantRepository(connection).add("Asha", Plan.PRO)).id
            self.webhook_id = WebhookId(uuid4())
            own, default = box.make(self.webhook_id), box.make(self.tenant_id)
            self._secrets = {self.webhook_id: own.plaintext, self.tenant_id: default.plaintext}
            webhooks = WebhookRepository(connection)
            await webhooks.add(
                NewWebhook(
                    self.webhook_id,
                    self.tenant_id,
                    "https://shop.example/",
                    [WebhookEvent.ENDED],
                    own.sealed,
                )
            )
            await webhooks.default_secret(self.tenant_id, default.sealed)
            config = {"tools": [tool(self._sealer, self.tenant_id).to_json()], "voice": "shubh"}
            bot = BotFields("Asha's", None, config)
            by = Actor(ActorKind.CLI, "asha")
            self.bot_id = (await BotRepository(connection).add(self.tenant_id, bot, by)).id
            new = NewSession(
                id=SessionId(uuid4()),
                tenant_id=self.tenant_id,
                config=config,
                room_name=f"voice-{uuid4().hex}",
            )
            self.session_id = (await create_session(connection, new)).id
        return self

    async def opens_with(self, sealer: Sealer) -> bool:
        """Whether all of it still says what it said. Raises `SealBroken`."""
        box = SecretBox(sealer)
        async with self._database.connection() as connection:
            webhook = await WebhookRepository(connection).get(self.tenant_id, self.webhook_id)
            default = await connection.fetchval(
                "SELECT sealed_secret FROM webhook_default_secrets WHERE tenant_id = $1",
                self.tenant_id,
            )
            bot = await BotRepository(connection).get(self.tenant_id, self.bot_id)
            serving = await BotVersionRepository(connection).serving(self.tenant_id, self.bot_id)
            session = await SessionRepository(connection).get(self.tenant_id, self.session_id)
        secrets = {
            self.webhook_id: box.open(webhook.sealed_secret, self.webhook_id),
            self.tenant_id: box.open(default, self.tenant_id),
        }
        configs: list[dict[str, Any]] = [bot.config, serving.config, session.config]
        kept = [ToolRecord.of(config["tools"][0]).sealed_headers for config in configs]
        headers = [open_headers(sealer, self.tenant_id, sealed) for sealed in kept]
        return secrets == self._secrets and headers == [HEADERS] * 3


def env_of(*keys: SecretStr) -> dict[str, str]:
    first, *earlier = (key.get_secret_value() for key in keys)
    return {"DATA_ENCRYPTION_KEY": first, "DATA_ENCRYPTION_EARLIER_KEYS": ",".join(earlier)}


async def test_after_a_rotation_the_new_key_is_enough(
    dsn: str, database: Database, tmp_path: Path
) -> None:
    kept = await Kept(database, Sealer(OLD)).add()
    assert await kept.opens_with(Sealer(NEW, OLD))

    done = told(dsn, tmp_path, "secrets", "rotate", env=env_of(NEW, OLD))

    each = {"webhooks": 1, "webhook_default_secrets": 1, "bots": 1, "sessions": 1}
    assert done == {**each, "broken": []}
    assert await kept.opens_with(Sealer(NEW))
    async with database.connection() as connection:
        audited = await connection.fetch("SELECT tenant_id, action FROM audit")
    assert [tuple(row) for row in audited] == [(kept.tenant_id, "secrets.rotate")]
    assert told(dsn, tmp_path, "secrets", "rotate", env=env_of(NEW)) == {"broken": []}


async def test_a_signing_secret_that_was_rotated_today_is_sealed_anew_as_well(
    dsn: str, database: Database, tmp_path: Path
) -> None:
    kept = await Kept(database, Sealer(OLD)).add()
    fresh = SecretBox(Sealer(OLD)).make(kept.webhook_id).sealed
    async with database.connection() as connection:
        webhooks = WebhookRepository(connection)
        before = await webhooks.get(kept.tenant_id, kept.webhook_id)
        change = WebhookChange(sealed_secret=fresh)
        await webhooks.change(kept.tenant_id, kept.webhook_id, change)
        told(dsn, tmp_path, "secrets", "rotate", env=env_of(NEW, OLD))
        after = await webhooks.get(kept.tenant_id, kept.webhook_id)

    assert after.previous_sealed_secret is not None
    secrets = [
        SecretBox(Sealer(key)).open(sealed, kept.webhook_id)
        for key, sealed in ((OLD, before.sealed_secret), (NEW, after.previous_sealed_secret))
    ]
    assert secrets[0] == secrets[1]


async def test_more_rows_than_fit_in_a_page_are_all_sealed_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.rotation._PAGE", 2)
    all_kept = [await Kept(database, Sealer(OLD)).add() for _ in range(5)]

    done = await rotate(database, Sealer(NEW, OLD))

    assert set(done.resealed.values()) == {5}
    assert [await kept.opens_with(Sealer(NEW)) for kept in all_kept] == [True] * 5


async def test_a_draft_that_is_what_serves_is_so_after_a_rotation(database: Database) -> None:
    kept = await Kept(database, Sealer(OLD)).add()

    await rotate(database, Sealer(NEW, OLD))

    async with database.connection() as connection:
        bot = await BotRepository(connection).get(kept.tenant_id, kept.bot_id)
    assert not bot.has_unpublished_changes


async def test_a_version_that_nobody_opens_takes_no_other_with_it(database: Database) -> None:
    kept = await Kept(database, Sealer(SecretStr("a key that nobody has any more"))).add()
    async with database.transaction() as connection:
        config = {"tools": [tool(Sealer(OLD), kept.tenant_id).to_json()]}
        bots, versions = BotRepository(connection), BotVersionRepository(connection)
        await bots.change(kept.tenant_id, kept.bot_id, BotFields(config=config))
        await versions.publish(kept.tenant_id, kept.bot_id, Actor(ActorKind.CLI, "asha"))

    done = await rotate(database, Sealer(NEW, OLD))

    assert ("bots", kept.bot_id) in done.broken
    async with database.connection() as connection:
        serving = await BotVersionRepository(connection).serving(kept.tenant_id, kept.bot_id)
    sealed = ToolRecord.of(serving.config["tools"][0]).sealed_headers
    assert open_headers(Sealer(NEW), kept.tenant_id, sealed) == HEADERS


async def test_a_session_that_is_over_keeps_what_nobody_opens(database: Database) -> None:
    kept = await Kept(database, Sealer(OLD)).add()
    async with database.connection() as connection:
        sessions = SessionRepository(connection)
        await sessions.end_session(kept.session_id, EndReason.CALLER_HANGUP)

    done = await rotate(database, Sealer(NEW, OLD))

    assert "sessions" not in done.resealed


async def test_what_no_key_opens_is_named_and_left(
    dsn: str, database: Database, tmp_path: Path
) -> None:
    lost = await Kept(database, Sealer(SecretStr("a key that nobody has any more"))).add()
    kept = await Kept(database, Sealer(OLD)).add()

    done = run(dsn, tmp_path, "secrets", "rotate", "--json", env=env_of(NEW, OLD))

    assert done.returncode == 1
    broken = json.loads(done.stdout)["broken"]
    assert f"webhooks {lost.webhook_id}" in broken
    assert len(broken) == 4
    assert await kept.opens_with(Sealer(NEW))
