"""Whether a session may be created, decided and done in one statement under the tenant's lock, and
the fleet's."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from store.outbox import WebhookEvent, telling
from store.records import NewSession, SessionRecord
from store.repository import Repository
from store.sessions import COLUMNS, session_of
from store.workers import LIVING_S

Places = Mapping[str, int]
"""Plan → sessions at once; a plan that is not named has no limit."""


class Verdict(StrEnum):
    """What `admit_to_fleet` says; all but the first are refusals that leave no session behind. The
    last are the fleet's: no worker takes sessions, all of their places are taken, or all of the
    connections that a speech service lets it have."""

    ADMITTED = "admitted"
    CLAIM_LOST = "claim_lost"
    SUSPENDED = "suspended"
    RATE = "rate"
    CREDITS = "credits"
    BUDGET = "budget"
    PLACES = "places"
    NO_WORKER = "no_worker"
    FLEET = "fleet"
    STT = "stt-ws"
    TTS = "tts-ws"


@dataclass(frozen=True, slots=True)
class Fleet:
    """The workers of a name, as far as they tell that they are there; where none ever did, or each
    took its leave, nobody can tell, and what they take is no limit.

    A created session holds its place for `hold_s`, until its caller comes and a job begins. `calls`
    are the most at once of which the speech services bear, by service; one not named bears any.
    """

    agent_name: str
    hold_s: float
    calls: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """As the statement takes it."""
        return {**asdict(self), "living_s": LIVING_S}


@dataclass(frozen=True, slots=True)
class FleetUse:
    """How much of a fleet is used. `capacity` is of the workers that take sessions, `used` are
    places among those, and `calls` the sessions and jobs of all workers.

    `is_told` is false where no worker ever told of itself.
    """

    is_told: bool
    capacity: int
    used: int
    calls: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a tenant is held to: creates in any 60 s, credits to start with, sessions at once; and
    the fleet that has to have a place, if any."""

    creates_per_minute: int
    min_credits: Decimal
    places: Places
    fleet: Fleet | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict. `n_recent` creates of the last 60 s count, this one included if it does; the
    oldest of them stops counting in `reset_s`."""

    verdict: Verdict
    n_recent: int
    reset_s: float
    balance: Decimal
    session: SessionRecord | None


@dataclass(frozen=True, slots=True)
class KeyedAnswer:
    """What a create leaves at its idempotency key, in the statement that makes the session.

    `created_at` is what the sealed answer says, so the row has to say the same.
    """

    claim_id: UUID
    status: int
    answer: bytes
    created_at: datetime


# Numbered by column, so that a piece of the statement can be read by itself.
_CREATE: Final = f"""
WITH admitted AS MATERIALIZED (
    SELECT verdict, n_recent, reset_s, balance
    FROM admit_to_fleet($2, $8, $10, $13, $14, $15::jsonb, $16::jsonb)
), changed AS (
    INSERT INTO sessions (id, tenant_id, bot_id, config, room_name, metadata, webhook_url, key_id,
                          created_at)
    SELECT $1, $2, $3, $4::jsonb, $5, $6::jsonb, $7, $8, coalesce($9, now())
    FROM admitted WHERE verdict = 'admitted'
    RETURNING {COLUMNS}
), {telling(WebhookEvent.STARTED)}, kept AS (
    UPDATE idempotency_keys SET status = $11, answer = $12 FROM changed WHERE claim = $10
)
SELECT verdict, n_recent, reset_s, balance, {COLUMNS}
FROM admitted LEFT JOIN changed ON true"""  # noqa: S608 - only constants are filled in


_USE: Final = """
SELECT is_told, capacity, used, calls
FROM fleet_use($1, make_interval(secs => $2), make_interval(secs => $3))"""


class AdmissionRepository(Repository):
    """Creates sessions."""

    async def use_of(self, fleet: Fleet) -> FleetUse:
        """How much is used right now: of what is to come it says nothing."""
        row = await self._row(_USE, fleet.agent_name, LIVING_S, fleet.hold_s)
        assert row is not None, "an aggregate has a row"
        return FleetUse(**row)

    async def create(
        self,
        session: NewSession,
        terms: Terms,
        keyed: KeyedAnswer | None = None,
        *,
        has_counted: bool = False,
    ) -> Decision:
        """Create the session if the tenant may have it and the fleet has a place; one round trip.
        One that is asked for once more has counted as a create, and does not again.

        Raises `ConflictError` for an unknown tenant or a taken room name.
        """
        rate = None if has_counted else terms.creates_per_minute
        row = await self._row(_CREATE, *_arguments(session, terms, keyed, rate))
        assert row is not None, "a tenant's row outlives what refers to it"
        verdict = Verdict(row["verdict"])
        return Decision(
            verdict=verdict,
            n_recent=row["n_recent"],
            reset_s=row["reset_s"],
            balance=row["balance"],
            session=session_of(row) if verdict is Verdict.ADMITTED else None,
        )


def _arguments(
    session: NewSession, terms: Terms, keyed: KeyedAnswer | None, rate: int | None
) -> list[object]:
    return [
        session.id,
        session.tenant_id,
        session.bot_id,
        session.config,
        session.room_name,
        session.metadata,
        session.webhook_url,
        session.key_id,
        None if keyed is None else keyed.created_at,
        None if keyed is None else keyed.claim_id,
        None if keyed is None else keyed.status,
        None if keyed is None else keyed.answer,
        rate,
        terms.min_credits,
        dict(terms.places),
        None if terms.fleet is None else terms.fleet.to_json(),
    ]
