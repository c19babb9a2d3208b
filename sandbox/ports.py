"""The seams between the wire protocols and what stands behind them, scripted or engines."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sandbox.script import Script

Samples = NDArray[np.int16]
"""Mono PCM16."""


class EngineError(RuntimeError):
    """What stands behind the wire failed; the connection or call ends with a server error."""


@dataclass(frozen=True)
class Transcript:
    text: str
    language: str
    """BCP-47; the detected one where the client asked for detection."""
    confidence: float | None = None
    """0-1, only where the language was detected."""


class Transcriber(Protocol):
    """What one connection has said. Only audio of an open utterance reaches it."""

    def hear(self, samples: Samples, voiced_ms: int, silence_ms: int) -> None:
        """``voiced_ms`` of these samples are voice; since the last of it there was silence."""
        ...

    def has_pending(self) -> bool:
        """Whether speech came in since the last cut."""
        ...

    def cut(self) -> Callable[[], Awaitable[Transcript]]:
        """Take everything pending now; the result is called once, later, for its words."""
        ...

    def end_utterance(self) -> None:
        """What is heard from now on belongs to another utterance; called after its last cut."""
        ...

    async def next_partial(self) -> str:
        """The pending words so far, at the next moment that it makes sense to tell them."""
        ...

    def close(self) -> None: ...


class Recogniser(Protocol):
    def open(self, language: str, rate_hz: int) -> Transcriber:
        """One transcriber a connection. ``language`` is BCP-47, "unknown" or "auto"."""
        ...


@dataclass(frozen=True)
class SpokenLine:
    """One text to say in one voice."""

    text: str
    speaker: str
    model: str
    language: str
    rate_hz: int
    pace: float = 1.0
    pitch: float = 0.0
    """-0.75 to 0.75."""
    loudness: float = 1.0
    """0.3 to 3."""


class Voice(Protocol):
    def speak(self, line: SpokenLine) -> AsyncGenerator[Samples]:
        """Audio at ``rate_hz`` as it is produced; closing the generator stops the synthesis."""
        ...


@dataclass(frozen=True)
class ChatMessage:
    role: str
    text: str


@dataclass(frozen=True)
class ToolCall:
    """A call of one of the request's tools; ``arguments`` is JSON text, or what passes for it."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Thought:
    """A piece of reasoning, told apart from the answer."""

    text: str


@dataclass(frozen=True)
class ChatRequest:
    upstream: str
    model: str
    messages: tuple[ChatMessage, ...]
    may_call: bool = False
    """Whether tools are offered and not forbidden."""


class Talker(Protocol):
    def reply(self, request: ChatRequest) -> AsyncGenerator[str | ToolCall]:
        """The answer's tokens as they are produced, calls last."""
        ...


@dataclass(frozen=True)
class Providers:
    """Everything that the routes need from behind the wire."""

    recogniser: Recogniser
    voice: Voice
    talker: Talker
    script: Script
    """Latencies and faults of the protocol itself; the engines run with the defaults."""


@dataclass(frozen=True)
class RunningProviders:
    providers: Providers
    child_pids: tuple[int, ...] = ()
    """Processes that belong to them."""
