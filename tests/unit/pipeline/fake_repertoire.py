"""A repertoire in memory: what it knows, and what it was told."""

from pipeline.repertoire import Clause


class FakeRepertoire:
    """Keeps what it hears at once."""

    def __init__(self) -> None:
        self.known: dict[Clause, bytes] = {}

    async def sound_of(self, clause: Clause) -> bytes | None:
        return self.known.get(clause)

    async def hear(self, clause: Clause, pcm: bytes) -> None:
        self.known[clause] = pcm
