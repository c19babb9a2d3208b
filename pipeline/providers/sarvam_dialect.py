"""What Sarvam's two protocols of recognition have in common."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from core.catalog import Language
from pipeline.providers.sarvam_socket import Frame, Socket
from pipeline.surrogates import whole

PROVIDER: Final = "sarvam-stt"


@dataclass(frozen=True, slots=True)
class RecognitionOptions:
    """What a session wants recognised."""

    language: Language
    model: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A transcript as it came. `index` counts the connection's utterances from 0, None where the
    protocol does not tell."""

    text: str
    is_final: bool
    index: int | None = None
    language: str | None = None


class Dialect(Protocol):
    """One protocol. What it encodes is sent in order, frame by frame."""

    @property
    def name(self) -> str:
        """For the log."""
        ...

    @property
    def has_telling_finals(self) -> bool:
        """Whether two finals are never the same frame."""
        ...

    async def connect(self) -> Socket:
        """A connection that the service has accepted. Raises `ProviderError`."""
        ...

    def begin(self) -> Sequence[Frame]:
        """An utterance starts."""
        ...

    def audio(self, pcm: bytes) -> Sequence[Frame]:
        """Its sound."""
        ...

    def settle(self) -> Sequence[Frame]:
        """A final is wanted now."""
        ...

    def end(self) -> Sequence[Frame]:
        """The utterance is over."""
        ...

    def read(self, frame: Frame) -> Heard | None:
        """A transcript, or None for anything else. Raises `ProviderError` for fatal errors."""
        ...


def parse(frame: Frame) -> dict[str, Any]:
    """The message's object; anything else, which the protocols do not have, reads as empty."""
    try:
        data = json.loads(frame)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def text_of(value: object) -> str:
    """Text, empty for anything else."""
    return whole(value) if isinstance(value, str) else ""
