"""What is told of requests, sessions and turns to a collector of traces, if there is one.

Names, moments and figures: what people said, prompts, keys and addresses stay out, by convention
of the callers, as of the log.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, Protocol

from core.setting_groups import TracingSettings

Attributes = Mapping[str, str | bool | int | float]
_TRACEPARENT: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def known_traceparent(told: object) -> str:
    """What was told, where it can be a traceparent; else nothing."""
    return told if isinstance(told, str) and _TRACEPARENT.fullmatch(told) else ""


class Kind(Enum):
    """Who asks whom: SERVER is asked from outside, CLIENT asks outside."""

    SERVER = auto()
    CLIENT = auto()
    INTERNAL = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """Something that is over, with its parts; moments are nanoseconds since 1970. `error` names
    what went wrong, one of few names."""

    name: str
    began_ns: int
    ended_ns: int
    attributes: Attributes = field(default_factory=dict)
    kind: Kind = Kind.INTERNAL
    error: str = ""
    parts: Sequence["Span"] = ()


class OpenSpan(Protocol):
    """Something that goes on; `end` it once."""

    @property
    def trace_id(self) -> str:
        """Of all that belongs together, for the log."""
        ...

    @property
    def traceparent(self) -> str:
        """What another process needs to tell of its part (W3C Trace Context)."""
        ...

    def tell(self, part: Span) -> None:
        """Add something that was a part of it."""

    def end(self, attributes: Attributes, *, error: str = "") -> None:
        """It is over now; these attributes come on top of its first ones."""


class Traces(Protocol):
    """Takes what is told. Nothing here waits or raises."""

    def begin(
        self, name: str, attributes: Attributes, *, kind: Kind = Kind.INTERNAL, parent: str = ""
    ) -> OpenSpan:
        """Something begins now. `parent` is a traceparent; one that is none is passed over."""
        ...


def warm_up(settings: TracingSettings) -> None:
    """Import what `opened_traces` will need, before somebody waits for it."""
    if settings.url:
        from core import otlp

        otlp.warm_up()


@asynccontextmanager
async def opened_traces(settings: TracingSettings, service: str) -> AsyncIterator[Traces | None]:
    """Where to tell it; None where the settings name no collector. What is still to be sent at the
    end is sent first, within bounds."""
    if not settings.url:
        yield None
        return
    from core.otlp import opened  # only those pay for the import who use it

    async with opened(settings, service) as traces:
        yield traces
