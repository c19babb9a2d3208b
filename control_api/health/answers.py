"""Health as the API shows it."""

from typing import Any, Literal, Self

from pydantic import Field

from control_api.request.shown import Moment, Shown

Word = Literal["ok", "unavailable"]


class Alive(Shown):
    """The process answers."""

    status: Literal["ok"]


class Checks(Shown):
    """What the API cannot serve without, each `ok` or what is wrong."""

    database: Literal["ok", "unavailable", "read-only"]
    migrations: str
    """`unavailable`, or `lacks` and those that have not been applied."""
    livekit: Word
    tasks: str
    """`down:` and the background tasks that ended and have not run well since."""
    process: Literal["ok", "draining"]
    """Draining: it was told to stop, serves what comes, and is gone in a moment."""
    listener: str
    """`hears nothing:` and why. Live events come late, as streams then look by themselves."""


class Ready(Shown):
    """Whether requests can be served."""

    status: Word
    checks: Checks


class Dependency(Shown):
    """One of the things that a session needs."""

    name: str
    ok: bool
    version: str | None
    """Where it tells one."""
    latency_ms: int | None = Field(ge=0)
    """Of the question, connecting included; null without an answer."""
    hint: str | None
    """What to do; null when all is well."""
    stand_in: bool
    """A stand-in serves in the provider's place: recognition, for one, is in English only."""

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """A `Finding`, without the address, which may be nobody's business."""
        hint = row.advice or None
        return super().of(row, ok=row.is_ok, hint=hint, stand_in=row.is_stand_in, **own)


class Worker(Shown):
    """One that was seen in the last 15 s."""

    host: str
    pid: int = Field(ge=0)
    """Its process there."""
    active: int = Field(ge=0)
    """Sessions that it holds."""
    capacity: int = Field(ge=0)
    """Sessions that it takes."""
    draining: bool
    """It is being stopped, and takes no more."""
    seen_at: Moment

    @classmethod
    def of(cls, row: Any = None, **own: Any) -> Self:
        """A `WorkerRecord`."""
        return super().of(row, draining=row.is_draining, **own)


class Status(Shown):
    """How every dependency did at the last look."""

    ok: bool
    checked_at: Moment
    checks: list[Dependency]
    workers: list[Worker] | None
    """Of all machines; null while the database is away."""
