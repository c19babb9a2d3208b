"""A session's recording, as its tenant gets it."""

from typing import Any

import numpy as np

from tests.e2e import room
from tests.e2e.account import SESSIONS, Account
from tests.eventually import eventually
from tests.recorded_sound import DECODED_HZ, Decoded, decoded


async def recording(account: Account, session_id: str) -> tuple[dict[str, Any], Decoded, Decoded]:
    """What the API says of it, and the caller and the agent in it."""
    told: dict[str, Any] = {}

    async def is_stored() -> bool:
        async with account.http.get(f"{SESSIONS}/{session_id}/recording") as response:
            told.update(await response.json() if response.status == 200 else {})
        return bool(told)

    await eventually(is_stored, what="the recording")
    async with account.http.get(told["url"]) as response:
        caller, agent = decoded(await response.read())
    return told, caller, agent


def words_in(side: Decoded) -> int:
    """Words of the scripted voice: its tones between dips."""
    return room.tones(np.clip(side * 32767, -32768, 32767).astype(np.int16), DECODED_HZ)


def first_audio_s(turn: dict[str, Any]) -> float:
    """When its reply began."""
    return float(turn["speech_ended_at_ms"] + turn["first_audio_ms"]) / 1000
