"""Turns: one row an exchange, counted on its session and charged in the same statement."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Final

import asyncpg

from core.errors import ConflictError, StaleError
from store.fence import held
from store.ledger import Charge, charged, columns_of
from store.records import NewTurn, SessionId, TurnId, TurnRecord
from store.repository import Repository

_COLUMNS: Final = """
id, session_id, turn_index, user_transcript, agent_response, interrupted, stt_ms, first_token_ms,
tts_ttfb_ms, first_audio_ms, eou_delay_ms, total_ms, llm_model, language, started_at_ms,
ended_at_ms, speech_ended_at_ms, llm_requested_at_ms, tts_requested_at_ms, first_audio_at_ms,
caller_audio_s, agent_audio_s, tool_rounds, discarded_answers, used_input_tokens,
used_output_tokens, used_characters, discarded_input_tokens, discarded_output_tokens,
discarded_characters, upstream, passages, faults, created_at"""
_TURN_COLUMNS: Final = [field.name for field in fields(NewTurn)]
_EPOCH: Final = len(_TURN_COLUMNS) + 2
# A turn that is there already changes nothing: `added` is empty, so nothing is counted. What was
# charged with it has its own ids. The session is locked first, with the epoch that the writer was
# given: of a turn that two write at the same moment, the second would else be refused for its index
# before it is known by its id.
_ADD: Final = f"""
WITH {held(_EPOCH)}, added AS (
    INSERT INTO turns (session_id, {", ".join(_TURN_COLUMNS)})
    SELECT held.id, {", ".join(f"${n}" for n in range(2, _EPOCH))} FROM held
    ON CONFLICT (id) DO NOTHING
    RETURNING {_COLUMNS}
), counted AS (
    UPDATE sessions s
    SET turn_count = s.turn_count + 1,
        total_audio_seconds = s.total_audio_seconds + added.caller_audio_s + added.agent_audio_s,
        first_sound_ms = coalesce(s.first_sound_ms, added.first_audio_at_ms)
    FROM added WHERE s.id = added.session_id
), charged AS ({charged(_EPOCH + 1)}
)
SELECT held.id AS held_id, added.* FROM (SELECT) one
LEFT JOIN held ON true LEFT JOIN added ON true"""  # noqa: S608 - only constants are filled in
_GET: Final = f"SELECT {_COLUMNS} FROM turns WHERE id = $1 AND session_id = $2"  # noqa: S608
_LIST: Final = f"""
SELECT {_COLUMNS} FROM turns WHERE session_id = $1 ORDER BY turn_index"""  # noqa: S608

_FIND: Final = f"""
SELECT {_COLUMNS} FROM turns WHERE session_id = $1 AND id = ANY($2::uuid[])"""  # noqa: S608


class TurnRepository(Repository):
    """Stores and lists turns."""

    async def add_turn(
        self,
        session_id: SessionId,
        turn: NewTurn,
        charges: Sequence[Charge] = (),
        *,
        epoch: int = 0,
    ) -> TurnRecord:
        """Store the turn, count it on its session, which may have ended already, and charge it.

        Idempotent by the ids: the stored turn comes back, nothing is counted or charged twice.
        Raises `StaleError` for a session of another epoch or none, `ConflictError` for a taken
        index or a negative time.
        """
        values = map(_storable, (getattr(turn, name) for name in _TURN_COLUMNS))
        row = await self._row(_ADD, session_id, *values, epoch, *columns_of(charges))
        assert row is not None, "one row says whether the session is held"
        is_held = row["held_id"] is not None
        if is_held and row["id"] is not None:
            return _turn_of(row)
        stored = await self._row(_GET, turn.id, session_id)
        if stored is not None:
            return _turn_of(stored)
        raise (
            ConflictError("turns_pkey") if is_held else StaleError("the session has another epoch")
        )

    async def list_turns(self, session_id: SessionId) -> list[TurnRecord]:
        """The session's turns in order; empty for an unknown session."""
        return [_turn_of(row) for row in await self._rows(_LIST, session_id)]

    async def find_turns(self, session_id: SessionId, ids: Sequence[TurnId]) -> list[TurnRecord]:
        """Those of the session's turns, in no order."""
        return [_turn_of(row) for row in await self._rows(_FIND, session_id, list(ids))]


def _storable(value: object) -> object:
    """Text without what Postgres cannot hold: a model may say U+0000 or half a surrogate pair."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _turn_of(row: asyncpg.Record) -> TurnRecord:
    return TurnRecord(**{name: row[name] for name in TurnRecord.__dataclass_fields__})
