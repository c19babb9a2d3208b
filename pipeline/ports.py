"""What a conversation needs from the outside: recognition, a model, a voice, a way out for sound.

Providers and the room implement these; the conversation and its tests know nothing else.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Partial:
    """Words that may still change: all since the last final.

    `utterance` tells whose words they are: the first `begin` opens 1, the next 2. None where the
    provider cannot tell.
    """

    text: str
    utterance: int | None = None


@dataclass(frozen=True, slots=True)
class Final:
    """Words that will not change; empty when there were none. `language` if it was detected,
    `utterance` as in a partial."""

    text: str
    language: str | None = None
    utterance: int | None = None


class Recogniser(Protocol):
    """Speech to text for one session over a connection that it keeps up by itself.

    Sound is 16-bit mono at 16 kHz. `begin`, `hear`, `settle` and `end` never wait.
    """

    def begin(self, pre_roll: bytes) -> None:
        """An utterance starts; `pre_roll` is the sound just before it was noticed."""

    def hear(self, pcm: bytes) -> None:
        """More sound of the utterance, its pauses included."""

    def settle(self) -> None:
        """Ask for a final of what was heard so far; the utterance may go on."""

    def end(self) -> None:
        """The utterance is over; a final that was asked for may still come."""

    def results(self) -> AsyncIterator[Partial | Final]:
        """Transcripts in order. Raises `ProviderError` when recognition is given up."""
        ...


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call. `parameters` is a JSON Schema object; `wait_line` is said
    when the caller has to wait for it, empty: the language's own line."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    wait_line: str = ""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model's call of a tool; `arguments` is the text that it wrote, JSON or not."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the history that a model is given.

    An assistant's may make calls; a tool's message is the result of the call that it names.
    """

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What came of an answer so far is void; what follows takes its place from the start."""


Item = str | ToolCall | Withdrawn


def never() -> bool:
    """For those who speak what they are given at once."""
    return False


class LanguageModel(Protocol):
    """Text in, text and calls of tools out."""

    def reply(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool] = (),
        *,
        may_call: bool = True,
        may_withdraw: Callable[[], bool] = never,
    ) -> AbstractAsyncContextManager[AsyncIterator[Item]]:
        """Stream an answer; leaving the context cancels it. Raises `ProviderError`.

        Messages that hold calls need the tools, also where they may not be called again. Only
        while `may_withdraw` says so is `Withdrawn` among what comes.
        """
        ...


class Outcome(StrEnum):
    """What came of a call that was not cut off. Nothing was run where it was `refused`, or where
    there is no such tool."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    REFUSED = "refused"
    UNKNOWN_TOOL = "unknown_tool"


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a call gave, for the model."""

    text: str
    outcome: Outcome = Outcome.SUCCEEDED


class Toolbox(Protocol):
    """The tools of a session, and what runs them."""

    @property
    def tools(self) -> Sequence[Tool]:
        """What may be called."""
        ...

    async def run(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Run one of the tools; cancelling stops waiting for it.

        A failure is a result, too, told in words; nothing is raised.
        """
        ...


@dataclass(frozen=True, slots=True)
class Audio:
    """Sound of the voice: 16-bit mono at 24 kHz. `is_kept`: it was made for an earlier reply."""

    pcm: bytes
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class FlushDone:
    """All sound of the text up to the oldest unanswered flush has come.

    `is_seamless`: in one piece, so that another reply may be given it as well.
    """

    is_seamless: bool = True


class Speech(Protocol):
    """One reply being spoken. Closing it in the middle silences the provider at once."""

    async def say(self, text: str) -> None:
        """Add text; it is spoken when there is enough of it, or flushed. Raises `ProviderError`."""

    async def flush(self) -> None:
        """Speak all that was said so far now. Raises `ProviderError`."""

    def sound(self) -> AsyncIterator[Audio | FlushDone]:
        """Its sound, as it is made. Raises `ProviderError`."""
        ...


class Voice(Protocol):
    """Text to speech for one session."""

    @property
    def manner(self) -> str:
        """All that its sound depends on beside the text: by whom it is made, and how."""
        ...

    def speak(self) -> AbstractAsyncContextManager[Speech]:
        """Start a reply, on a connection kept warm where there is one."""
        ...


class Playout(Protocol):
    """Where the agent's sound leaves: a queue of 16-bit mono at 24 kHz, played in real time."""

    async def push(self, pcm: bytes) -> None:
        """Queue sound behind what is queued."""

    @property
    def queued_s(self) -> float:
        """Seconds of sound that were pushed and not played yet."""
        ...

    def clear(self) -> None:
        """Drop what is queued: silence at once."""


class SpeechDetector(Protocol):
    """The voice activity model; it remembers what it heard."""

    def predict(self, pcm: bytes) -> float:
        """Probability that the next window of 512 samples at 16 kHz holds speech."""
        ...
