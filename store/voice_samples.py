"""Samples of voices: what was made once is kept for all processes of the API.

The table is unlogged: what a crash of Postgres takes is made again.
"""

from typing import Final

from store.repository import Repository

_FIND: Final = """
SELECT wav FROM voice_samples WHERE voice = $1 AND language = $2 AND made_of = $3"""
_KEEP: Final = """
INSERT INTO voice_samples (voice, language, made_of, wav) VALUES ($1, $2, $3, $4)
ON CONFLICT (voice, language) DO UPDATE SET made_of = EXCLUDED.made_of, wav = EXCLUDED.wav"""


class VoiceSampleRepository(Repository):
    """One for each voice and language; `made_of` tells whether it is the one that is wanted."""

    async def find(self, voice: str, language: str, made_of: bytes) -> bytes | None:
        """The sample, None where it was never made, or of something else."""
        row = await self._row(_FIND, voice, language, made_of)
        return None if row is None else bytes(row["wav"])

    async def keep(self, voice: str, language: str, made_of: bytes, wav: bytes) -> None:
        """In place of the one before."""
        await self._row(_KEEP, voice, language, made_of, wav)
