"""What a conversation uses of its providers, counted where it leaves for them.

An answer that is prepared and thrown away was asked for all the same, so it is counted, too.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.audio import CALLER_RATE_HZ
from pipeline.ports import Audio, FlushDone, Partial, Recogniser, Speech, Voice
from pipeline.ports import Final as FinalTranscript
from pipeline.spending import account_at_hand

_BYTES_PER_S: Final = 2 * CALLER_RATE_HZ
_MICRO: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written by the model, characters spoken, seconds of sound recognised.

    Of the tokens, hosts told the price of `told_input_tokens` and `told_output_tokens`: together
    `told_micro_usd` millionths of a dollar, and of those as little as a short answer costs.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    characters: int = 0
    audio_s: float = 0.0
    told_input_tokens: int = 0
    told_output_tokens: int = 0
    told_micro_usd: Decimal = Decimal(0)


class Meter:
    """Adds up; `take` gives what came together since it was last called."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._input_tokens = self._output_tokens = self._characters = self._n_bytes = 0
        self._told_input_tokens = self._told_output_tokens = 0
        self._told_micro_usd = Decimal(0)

    def add_tokens(self, *, read: int, written: int, usd: Decimal | None = None) -> None:
        """One answer of the language model, and its price where the host told one; who tells that
        it cost nothing is taken for one that does not reckon."""
        self._input_tokens += read
        self._output_tokens += written
        if usd:
            self._told_input_tokens += read
            self._told_output_tokens += written
            self._told_micro_usd += usd * _MICRO

    def add_text(self, text: str) -> None:
        """Text for the voice; white space around it is ours and costs nobody anything."""
        n_characters = len(text.strip())
        self._characters += n_characters
        account_at_hand().say(n_characters)

    def add_sound(self, pcm: bytes) -> None:
        """The caller's sound, 16-bit mono at 16 kHz."""
        self._n_bytes += len(pcm)

    def peek(self) -> Usage:
        """What was used since it was last taken."""
        return Usage(
            self._input_tokens,
            self._output_tokens,
            self._characters,
            self._n_bytes / _BYTES_PER_S,
            self._told_input_tokens,
            self._told_output_tokens,
            self._told_micro_usd,
        )

    def take(self) -> Usage:
        """What `peek` tells, once."""
        usage = self.peek()
        self._clear()
        return usage


class MeteredRecogniser:
    """A recogniser whose sound is counted. Implements `pipeline.ports.Recogniser`."""

    def __init__(self, recogniser: Recogniser, meter: Meter) -> None:
        self._recogniser = recogniser
        self._meter = meter

    def begin(self, pre_roll: bytes) -> None:
        """An utterance starts."""
        self._meter.add_sound(pre_roll)
        self._recogniser.begin(pre_roll)

    def hear(self, pcm: bytes) -> None:
        """More sound of it."""
        self._meter.add_sound(pcm)
        self._recogniser.hear(pcm)

    def settle(self) -> None:
        """Ask for a final."""
        self._recogniser.settle()

    def end(self) -> None:
        """The utterance is over."""
        self._recogniser.end()

    def results(self) -> AsyncIterator[Partial | FinalTranscript]:
        """Transcripts in order."""
        return self._recogniser.results()


class MeteredVoice:
    """A voice whose text is counted. Implements `pipeline.ports.Voice`."""

    def __init__(self, voice: Voice, meter: Meter) -> None:
        self._voice = voice
        self._meter = meter

    @property
    def manner(self) -> str:
        """The voice's own."""
        return self._voice.manner

    @asynccontextmanager
    async def speak(self) -> AsyncIterator["MeteredSpeech"]:
        """Start a reply."""
        async with self._voice.speak() as speech:
            yield MeteredSpeech(speech, self._meter)


class MeteredSpeech:
    """One reply being spoken, its text counted once however often it had to be sent."""

    def __init__(self, speech: Speech, meter: Meter) -> None:
        self._speech = speech
        self._meter = meter

    async def say(self, text: str) -> None:
        """Add text."""
        self._meter.add_text(text)
        await self._speech.say(text)

    async def flush(self) -> None:
        """Speak what was said."""
        await self._speech.flush()

    def sound(self) -> AsyncIterator[Audio | FlushDone]:
        """Its sound."""
        return self._speech.sound()
