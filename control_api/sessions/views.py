"""Sessions and turns as the API shows them: the contract's keys in the contract's order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from control_api.request.json_values import moment, seconds
from control_api.sessions.config import CONFIG_KEYS
from store.records import SessionRecord, TurnRecord


@dataclass(frozen=True, slots=True)
class Admission:
    """How a caller gets into the room; told once, when the session is created."""

    ws_url: str
    token: str


def session_view(session: SessionRecord, admission: Admission | None = None) -> dict[str, Any]:
    """A session; with `ws_url` and `token` only when it has just been created."""
    entry = {"ws_url": admission.ws_url, "token": admission.token} if admission else {}
    return {
        "id": str(session.id),
        "tenant_id": str(session.tenant_id),
        "bot_id": None if session.bot_id is None else str(session.bot_id),
        "status": session.status.value,
        "config": _config_view(session.config),
        **entry,
        "started_at": moment(session.started_at),
        "ended_at": moment(session.ended_at),
        "duration_seconds": seconds(session.duration_s),
        "turn_count": session.turn_count,
        "total_audio_seconds": seconds(session.total_audio_seconds),
        "end_reason": None if session.end_reason is None else session.end_reason.value,
        "metadata": session.metadata,
        "created_at": moment(session.created_at),
        **({"recoveries": session.recoveries} if session.recoveries else {}),
    }


def turn_view(turn: TurnRecord) -> dict[str, Any]:
    """A turn of a JSON transcript."""
    return {
        "turn_index": turn.turn_index,
        "user_transcript": turn.user_transcript,
        "agent_response": turn.agent_response,
        "interrupted": turn.interrupted,
        "stt_ms": turn.stt_ms,
        "first_token_ms": turn.first_token_ms,
        "first_audio_ms": turn.first_audio_ms,
        "total_ms": turn.total_ms,
        "llm_model": turn.llm_model,
        "created_at": moment(turn.created_at),
        "id": str(turn.id),
        "tts_ttfb_ms": turn.tts_ttfb_ms,
        "eou_delay_ms": turn.eou_delay_ms,
        "started_at_ms": turn.started_at_ms,
        "ended_at_ms": turn.ended_at_ms,
        "language": turn.language,
        "speech_ended_at_ms": turn.speech_ended_at_ms,
        "llm_requested_at_ms": turn.llm_requested_at_ms,
        "tts_requested_at_ms": turn.tts_requested_at_ms,
        "discarded_answers": turn.discarded_answers,
        "used_input_tokens": turn.used_input_tokens,
        "used_output_tokens": turn.used_output_tokens,
        "used_characters": turn.used_characters,
        "discarded_input_tokens": turn.discarded_input_tokens,
        "discarded_output_tokens": turn.discarded_output_tokens,
        "discarded_characters": turn.discarded_characters,
    }


def _config_view(config: Mapping[str, Any]) -> dict[str, Any]:
    """The stored config in its order, which `jsonb` does not keep."""
    shown = {key: config[key] for key in CONFIG_KEYS if key in config}
    if config.get("substitutions"):
        order = ("field", "requested", "served", "reason")
        shown["substitutions"] = [
            {key: one[key] for key in order} for one in config["substitutions"]
        ]
    return shown
