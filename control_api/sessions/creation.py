"""Making a session: what a request for one comes to, and the row."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from control_api.access.auth import Caller
from control_api.sessions.answers import CreatedSession
from control_api.sessions.bot import resolve_bot
from control_api.sessions.config import require_model, resolve_config
from control_api.sessions.fleet import fleet_of
from control_api.sessions.queue import Queue
from control_api.sessions.requests import CreateSession
from control_api.sessions.rooms import Rooms
from control_api.sessions.tokens import caller_token, room_ahead
from control_api.webhooks.urls import require_webhook_url
from core.addresses import AddressGuard
from core.catalog import Catalog
from core.errors import LiveKitUnavailable
from core.metrics import SESSIONS_CREATED, SESSIONS_REFUSED
from core.rights import Scope
from core.settings import Settings
from store.admission import AdmissionRepository, Decision, KeyedAnswer, Terms, Verdict
from store.pool import Database
from store.records import BotId, NewSession, SessionId, SessionRecord
from store.summons import Summons

log = logging.getLogger(__name__)

CREATES_PER_MINUTE: Final = 10
_ROOM_RANDOM_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Creation:
    """What it takes to make sessions; `traceparent` is the request's, empty where it has none."""

    settings: Settings
    catalog: Catalog
    database: Database
    rooms: Rooms
    guard: AddressGuard
    queue: Queue
    traceparent: str = ""

    @property
    def terms(self) -> Terms:
        """Under which a session is admitted."""
        min_credits = self.settings.api.min_session_credits
        places, fleet = self.catalog.places, fleet_of(self.settings)
        return Terms(CREATES_PER_MINUTE, min_credits, places, fleet)

    async def resolve(self, caller: Caller, body: CreateSession) -> NewSession:
        """The session that was asked for; the checks run in the contract's order.

        Raises `ApiError`, `StoreUnavailable`, `LiveKitUnavailable`.
        """
        tenant = caller.tenant
        if body.bot_version is not None:  # what the session shows is not what serves everybody
            caller.require_scope(Scope.READ_BOTS)
        body, of_bot = await resolve_bot(self.database, self.catalog, tenant.id, body)
        new = _new_session(caller, body, self.catalog, of_bot)
        llm = self.settings.llm
        require_model(new.config["llm_model"], self.catalog, llm, tenant, caller.key)
        if body.webhook_url is not None:
            await require_webhook_url(self.guard, body.webhook_url, "webhook_url")
        # Before there is a row, and with no connection held: LiveKit may take its time to answer.
        await self.rooms.check()
        return new

    async def admit(self, new: NewSession, keyed: KeyedAnswer | None) -> Decision:
        """Create the session if it may be, an idempotency key's answer with it; maybe once there is
        a place, and then it counts once."""
        decision = await self._ask(new, keyed)
        decision = await self.queue.wait(decision, lambda: self._ask(new, keyed, has_counted=True))
        if decision.session is not None:
            SESSIONS_CREATED.inc()
        elif decision.verdict is not Verdict.CLAIM_LOST:  # another request is not refused for it
            SESSIONS_REFUSED.labels(decision.verdict.value).inc()
        return decision

    async def _ask(
        self, new: NewSession, keyed: KeyedAnswer | None, *, has_counted: bool = False
    ) -> Decision:
        async with self.database.connection() as connection:
            admission = AdmissionRepository(connection)
            return await admission.create(new, self.terms, keyed, has_counted=has_counted)

    async def send_ahead(self, session: SessionRecord) -> None:
        """Have an agent wait for the caller, where the settings have it so. Where LiveKit does not
        make the room, the caller does, as ever."""
        agent, livekit = self.settings.agent, self.settings.livekit
        if not agent.joins_ahead_s:
            return
        summons = Summons(session.id, traceparent=self.traceparent, waits_s=agent.joins_ahead_s)
        room = room_ahead(session, summons, livekit, rejoin_grace_s=agent.rejoin_grace_s)
        try:
            await self.rooms.make(room)
        except LiveKitUnavailable as exc:
            log.warning("agent.not_sent_ahead", extra={"reason": str(exc)})

    def shown(self, session: SessionRecord) -> CreatedSession:
        """The session with the caller's way into its room."""
        livekit, grace_s = self.settings.livekit, self.settings.agent.rejoin_grace_s
        token = caller_token(session, livekit, rejoin_grace_s=grace_s, traceparent=self.traceparent)
        return CreatedSession.of(session, ws_url=livekit.ws_url, token=token)


def _new_session(
    caller: Caller, body: CreateSession, catalog: Catalog, of_bot: Mapping[str, Any]
) -> NewSession:
    room_name = f"voice-{secrets.token_hex(_ROOM_RANDOM_BYTES)}"
    return NewSession(
        id=SessionId(uuid4()),
        tenant_id=caller.tenant.id,
        config={**resolve_config(body, catalog, room_name), **of_bot},
        room_name=room_name,
        bot_id=None if body.bot_id is None else BotId(body.bot_id),
        metadata=body.metadata,
        webhook_url=body.webhook_url,
        key_id=None if caller.key is None else caller.key.id,
    )
