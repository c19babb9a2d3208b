"""Health: shapes and routes."""

from datetime import datetime
from typing import Final, Literal

from pydantic import Field

from control_api.openapi.operation import Access, Operation, json_answer
from control_api.openapi.shown import Shown

_TAG: Final = "Health"

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


class Worker(Shown):
    """One that was seen in the last 15 s."""

    host: str
    active: int = Field(ge=0)
    """Sessions that it holds."""
    capacity: int = Field(ge=0)
    """Sessions that it takes."""
    seen_at: datetime


class Status(Shown):
    """How every dependency did at the last look."""

    ok: bool
    checked_at: datetime
    checks: list[Dependency]
    workers: list[Worker] | None
    """Of all machines; null while the database is away."""


class Talked(Shown):
    """One short conversation with the configured providers; a stage is null where it was not
    come to."""

    ok: bool
    model: str
    """The chat model, and whose host answered."""
    stand_ins: list[Literal["recognition", "voice", "model"]]
    """Who served in place of a vendor."""
    heard: str | None
    """What recognition made of the question."""
    answer: str | None
    recognition_ms: int | None = Field(ge=0)
    """From the last sample to the final words."""
    first_token_ms: int | None = Field(ge=0)
    voice_ms: int | None = Field(ge=0)
    """From the answer's text to its first sound."""
    total_ms: int | None = Field(ge=0)
    """From the last sample to the first sound, one step after the other."""
    punctuation: Literal["sentences", "end", "none"] | None
    """Where recognition sets full stops: behind each sentence, only at the end, nowhere."""
    quirks: list[str]
    """What is odd about the model."""
    advice: list[str]
    """What to set, or to do."""
    held_at: datetime


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/healthz",
        tag=_TAG,
        name="is_alive",
        summary="Whether the process lives",
        access=Access.OPEN,
        answers=(json_answer(200, "It does.", Alive),),
    ),
    Operation(
        method="GET",
        path="/readyz",
        tag=_TAG,
        name="is_ready",
        summary="Whether all that the API needs is there; asked once a second at most",
        access=Access.OPEN,
        answers=(
            json_answer(200, "It is.", Ready),
            json_answer(503, "Something is not.", Ready, headers=("Retry-After",)),
        ),
    ),
    Operation(
        method="GET",
        path="/api/v1/status",
        tag=_TAG,
        name="get_status",
        summary="Ask every dependency: database, LiveKit, speech and model providers",
        access=Access.ANYONE,
        answers=(json_answer(200, "The last look, at most ten seconds old.", Status),),
    ),
    Operation(
        method="POST",
        path="/api/v1/status/talk",
        tag=_TAG,
        name="hold_talk",
        summary="Talk once to the speech and model providers: each stage's latency, what to set",
        access=Access.ANYONE,
        answers=(json_answer(200, "What was found, at most twenty seconds ago.", Talked),),
    ),
)
