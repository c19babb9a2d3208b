"""What a POST does and the answer that its key keeps are one: both are there, or neither is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from store.records import EndReason, NewTurn, SessionId, TurnId
from store.sessions import SessionRepository
from store.turns import TurnRepository
from tests.integration.api import SESSIONS, Answer, Api
from tests.integration.rows import held

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEYS: Final = "/api/v1/keys"
HOOKS: Final = "/api/v1/webhooks"
BOTS: Final = "/api/v1/bots"


@dataclass(frozen=True)
class Effect:
    """A POST, and a statement that shows what the tenant `$1` has of what it changes."""

    path: str
    shows: str
    body: dict[str, Any] | None = None


Prepare = Callable[[Api], Awaitable[Effect]]


async def by_owner(api: Api, path: str, body: Any = None, **headers: str) -> Answer:
    given = {"Authorization": f"Bearer {api.token()}", **headers}
    options = {} if body is None else {"json": body}
    return await api.send("POST", path, headers=given, **options)


async def made(api: Api, path: str, body: Any = None) -> dict[str, Any]:
    answer = await by_owner(api, path, body)
    assert answer.status in {200, 201}, answer.body
    value: dict[str, Any] = answer.json
    return value


async def new_key(api: Api) -> Effect:
    shows = "SELECT count(*) FROM api_keys WHERE tenant_id = $1"
    return Effect(KEYS, shows, {"name": "site"})


async def rotated_key(api: Api) -> Effect:
    key = await made(api, KEYS, {"name": "site"})
    shows = "SELECT hash FROM api_keys WHERE tenant_id = $1 AND name = 'site'"
    return Effect(f"{KEYS}/{key['id']}/rotate", shows)


async def new_webhook(api: Api) -> Effect:
    shows = "SELECT count(*) FROM webhooks WHERE tenant_id = $1"
    return Effect(HOOKS, shows, {"url": "https://8.8.8.8/"})


async def rotated_secret(api: Api) -> Effect:
    webhook = await made(api, HOOKS, {"url": "https://8.8.8.8/"})
    shows = "SELECT sealed_secret FROM webhooks WHERE tenant_id = $1"
    return Effect(f"{HOOKS}/{webhook['id']}/rotate-secret", shows)


async def rotated_default_secret(api: Api) -> Effect:
    path = f"{HOOKS}/default-secret/rotate"
    await made(api, path)
    shows = "SELECT sealed_secret FROM webhook_default_secrets WHERE tenant_id = $1"
    return Effect(path, shows)


async def replayed_delivery(api: Api) -> Effect:
    created = await api.create(webhook_url="https://8.8.8.8/")
    path = f"{HOOKS}/deliveries?session_id={created.json['id']}"
    (delivery,) = (await api.get(path, headers={"Authorization": f"Bearer {api.token()}"})).json
    shows = "SELECT count(*) FROM webhook_deliveries WHERE tenant_id = $1"
    return Effect(f"{HOOKS}/deliveries/{delivery['id']}/replay", shows)


async def new_bot(api: Api) -> Effect:
    return Effect(BOTS, "SELECT count(*) FROM bots WHERE tenant_id = $1", {"name": "Desk"})


async def published_bot(api: Api) -> Effect:
    bot = await made(api, BOTS, {"name": "Desk"})
    async with api.database.connection() as connection:
        await connection.execute(
            "UPDATE bots SET system_prompt = '' WHERE id = $1", UUID(bot["id"])
        )
    shows = "SELECT version FROM bots WHERE tenant_id = $1"
    return Effect(f"{BOTS}/{bot['id']}/publish", shows)


async def restored_bot(api: Api) -> Effect:
    bot = await published_bot(api)
    shows = "SELECT system_prompt IS NULL FROM bots WHERE tenant_id = $1"
    return Effect(bot.path.replace("/publish", "/versions/1/restore"), shows)


async def new_document(api: Api) -> Effect:
    bot = await made(api, BOTS, {"name": "Desk"})
    shows = """
        SELECT count(*) FROM documents d JOIN bots b ON b.id = d.bot_id WHERE b.tenant_id = $1"""
    body = {"name": "Hours", "content": "At nine."}
    return Effect(f"{BOTS}/{bot['id']}/knowledge", shows, body)


async def erased_session(api: Api) -> Effect:
    created = await api.create()
    session_id = SessionId(UUID(created.json["id"]))
    await held(api.database, session_id)
    turn = NewTurn(
        id=TurnId(uuid4()), turn_index=0, user_transcript="When?", agent_response="At nine."
    )
    async with api.database.connection() as connection:
        await TurnRepository(connection).add_turn(session_id, turn, epoch=1)
        await SessionRepository(connection).end_session(session_id, EndReason.CALLER_HANGUP)
    shows = """
        SELECT agent_response FROM turns t JOIN sessions s ON s.id = session_id
        WHERE s.tenant_id = $1"""
    return Effect(f"{SESSIONS}/{session_id}/erase", shows)


async def shown(api: Api, effect: Effect) -> Any:
    async with api.database.connection() as connection:
        return await connection.fetchval(effect.shows, api.tenant_id)


@asynccontextmanager
async def keeping_fails(api: Api) -> AsyncIterator[None]:
    """No answer of the tenant's is kept, whatever was done before that."""
    name = f"fail_{api.tenant_id.hex}"
    async with api.database.connection() as connection:
        await connection.execute(f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'away' USING ERRCODE = '57P01'; END $$;
            CREATE TRIGGER {name} BEFORE UPDATE ON idempotency_keys FOR EACH ROW
                WHEN (NEW.tenant_id = '{api.tenant_id}' AND NEW.answer IS NOT NULL)
                EXECUTE FUNCTION {name}()""")
    yield
    async with api.database.connection() as connection:
        await connection.execute(f"DROP FUNCTION {name} CASCADE")


@pytest.mark.parametrize(
    "prepare",
    [
        new_key,
        rotated_key,
        new_webhook,
        rotated_secret,
        rotated_default_secret,
        replayed_delivery,
        new_bot,
        published_bot,
        restored_bot,
        new_document,
        erased_session,
    ],
)
async def test_an_answer_that_cannot_be_kept_leaves_nothing_done(
    api: Api, prepare: Prepare
) -> None:
    effect = await prepare(api)
    before = await shown(api, effect)

    async def post() -> Answer:
        return await by_owner(api, effect.path, effect.body, **{"Idempotency-Key": "a"})

    async with keeping_fails(api):
        failed = await post()
        untouched = await shown(api, effect)
    done = await post()
    after = await shown(api, effect)
    replayed = await post()

    assert failed.status == 503
    assert untouched == before
    assert done.status < 300
    assert after != before
    assert (replayed.status, replayed.body) == (done.status, done.body)
    assert await shown(api, effect) == after


async def test_who_has_lost_the_key_does_nothing(api: Api) -> None:
    """A request that takes longer than its lease, whose key another has by then."""
    effect = await new_bot(api)
    name = f"lose_{api.tenant_id.hex}"
    async with api.database.connection() as connection:
        await connection.execute(f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE idempotency_keys SET claim = gen_random_uuid()
                WHERE tenant_id = NEW.tenant_id;
                RETURN NEW;
            END $$;
            CREATE TRIGGER {name} BEFORE INSERT ON bots FOR EACH ROW
                WHEN (NEW.tenant_id = '{api.tenant_id}') EXECUTE FUNCTION {name}()""")

    answer = await by_owner(api, effect.path, effect.body, **{"Idempotency-Key": "a"})

    async with api.database.connection() as connection:
        await connection.execute(f"DROP FUNCTION {name} CASCADE")
    assert (answer.status, answer.code) == (409, "conflict")
    assert await shown(api, effect) == 0
