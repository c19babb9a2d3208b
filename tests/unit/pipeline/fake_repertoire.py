"""A repertoire in memory, and a record of what a voice gives whose sound is in part kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pipeline.ports import Audio, FlushDone, Speech, Voice
from pipeline.repertoire import Clause


class FakeRepertoire:
    """Keeps what it hears at once; `sure` are those that were said to recur."""

    def __init__(self) -> None:
        self.known: dict[Clause, bytes] = {}
        self.sure: set[Clause] = set()

    async def sound_of(self, clause: Clause) -> bytes | None:
        return self.known.get(clause)

    async def hear(self, clause: Clause, pcm: bytes, *, is_sure: bool = False) -> None:
        self.known[clause] = pcm
        if is_sure:
            self.sure.add(clause)


class RecordedVoice:
    """A voice of whose replies all sound is kept, each in one of `sounds`."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.sounds: list[bytearray] = []
        self.manner = voice.manner

    @asynccontextmanager
    async def speak(self) -> AsyncIterator["RecordedSpeech"]:
        async with self._voice.speak() as speech:
            self.sounds.append(bytearray())
            yield RecordedSpeech(speech, self.sounds[-1])


class RecordedSpeech:
    """One reply."""

    def __init__(self, speech: Speech, pcm: bytearray) -> None:
        self.say, self.flush = speech.say, speech.flush
        self._speech = speech
        self._pcm = pcm

    async def sound(self) -> AsyncIterator[Audio | FlushDone]:
        async for item in self._speech.sound():
            if isinstance(item, Audio):
                self._pcm += item.pcm
            yield item
