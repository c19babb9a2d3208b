"""What the stand-ins received, bounded, for tests and benchmarks to assert on."""

import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_MAX_REQUESTS = 1000
_MAX_MESSAGES = 500
_SECRET_HEADERS = ("api-subscription-key", "authorization", "sec-websocket-protocol")


@dataclass(frozen=True)
class Message:
    """One message of a client; audio is only counted (``Received.audio_bytes``)."""

    kind: str
    detail: Any
    at_s: float
    """On ``time.monotonic``."""


@dataclass
class Received:
    """One connection or HTTP request, filled while it goes on."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    method: str = "GET"
    opened_at_s: float = field(default_factory=time.monotonic)
    body: Any = None
    """The JSON body of an HTTP request."""
    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=_MAX_MESSAGES))
    """The last messages but audio."""
    counts: Counter[str] = field(default_factory=Counter)
    audio_bytes: int = 0
    close_code: int | None = None
    """1006 when the connection went without a close frame."""
    was_dropped: bool = False
    """The client left while an answer to it was being produced."""
    is_open: bool = True

    def add(self, kind: str, detail: Any = None) -> None:
        self.counts[kind] += 1
        self.messages.append(Message(kind, detail, time.monotonic()))

    def add_audio(self, size_bytes: int) -> None:
        self.counts["audio"] += 1
        self.audio_bytes += size_bytes

    def details(self, kind: str) -> list[Any]:
        return [message.detail for message in self.messages if message.kind == kind]


class Requests:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._requests: deque[Received] = deque(maxlen=_MAX_REQUESTS)

    def open(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Received:
        received = Received(path, dict(query), redact_headers(headers))
        self._requests.append(received)
        return received

    def to(self, path: str) -> list[Received]:
        """Those whose path ends so."""
        return [received for received in self._requests if received.path.endswith(path)]

    def clear(self) -> None:
        self._requests.clear()

    def __iter__(self) -> Iterator[Received]:
        return iter(list(self._requests))

    def __len__(self) -> int:
        return len(self._requests)


def redact_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Lower-case names; a key's value becomes ``***``."""
    return {
        name.lower(): "***" if name.lower() in _SECRET_HEADERS else value
        for name, value in headers.items()
    }
