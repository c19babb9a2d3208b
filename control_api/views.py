"""Rows as the API shows them: the contract's keys in the contract's order."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from control_api.bot_schemas import BotConfig
from control_api.session_config import CONFIG_KEYS
from control_api.tool_schemas import MASK
from core.catalog import Catalog, Language, Model, Voice
from store.bots import BotRecord
from store.knowledge import DocumentRecord
from store.records import KeyRecord, SessionRecord, TurnRecord
from store.tools import ToolRecord

_CREDIT_DIGITS: Final = 6
_SECOND_DIGITS: Final = 3


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
        "duration_seconds": _seconds(session.duration_s),
        "turn_count": session.turn_count,
        "total_audio_seconds": _seconds(session.total_audio_seconds),
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


def model_view(model: Model) -> dict[str, Any]:
    """A chat model; prices are credits per million tokens."""
    successor = {} if model.successor is None else {"successor": model.successor}
    return {
        "id": model.id,
        "name": model.name,
        "owned_by": model.owned_by,
        "status": model.status,
        **successor,
        "context_window": model.context_window,
        "pricing": {"input": amount(model.input_price), "output": amount(model.output_price)},
        "plans": list(model.plans),
    }


def openai_model_view(model: Model) -> dict[str, Any]:
    """A chat model as OpenAI's clients expect it; the catalog keeps no date of birth."""
    return {"id": model.id, "object": "model", "created": 0, "owned_by": model.owned_by}


def voice_view(voice: Voice, catalog: Catalog) -> dict[str, Any]:
    """A voice with every language that it may speak."""
    languages = [one.id for one in catalog.languages if voice.speaks(one.id)]
    return {"id": voice.id, "gender": voice.gender, "languages": languages}


def language_view(language: Language) -> dict[str, Any]:
    """A language; the catalog lists only those that are both heard and spoken."""
    return {"id": language.id, "name": language.name, "stt": True, "tts": True}


def key_view(key: KeyRecord, plaintext: str | None = None) -> dict[str, Any]:
    """An API key; with `key`, its plaintext, only when it has just been made."""
    shown = {} if plaintext is None else {"key": plaintext}
    return {
        "id": str(key.id),
        **shown,
        "name": key.name,
        "prefix": key.prefix,
        "permissions": key.permissions,
        "scopes": key.scopes,
        "allowed_domains": key.allowed_domains,
        "allowed_models": key.allowed_models,
        "rate_limit_rpm": key.rate_limit_rpm,
        "budget_limit": None if key.budget_limit is None else amount(key.budget_limit),
        "budget_used": amount(key.budget_used),
        "is_active": key.is_active,
        "expires_at": moment(key.expires_at),
        "last_used_at": moment(key.last_used_at),
        "created_at": moment(key.created_at),
    }


def bot_view(bot: BotRecord) -> dict[str, Any]:
    """A bot; its config holds the fields that were given, in the contract's order."""
    return {
        "id": str(bot.id),
        "name": bot.name,
        "system_prompt": bot.system_prompt,
        "config": _bot_config_view(bot.config),
        "is_active": bot.is_active,
        "created_at": moment(bot.created_at),
        "updated_at": moment(bot.updated_at),
    }


def _bot_config_view(config: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: config[key] for key in BotConfig.model_fields if key in config}
    if "tools" in shown:
        shown["tools"] = [_tool_view(ToolRecord.of(kept)) for kept in shown["tools"]]
    return shown


def _tool_view(tool: ToolRecord) -> dict[str, Any]:
    """A tool; of its headers the names."""
    return {
        "name": tool.name,
        "description": tool.description,
        "parameters": json.loads(tool.parameters),
        "url": tool.url,
        "headers": dict.fromkeys(tool.header_names, MASK),
        "timeout_s": _plain(tool.timeout_s),
        "say_while_waiting": tool.wait_line,
    }


def document_view(document: DocumentRecord) -> dict[str, Any]:
    """A document of a bot's knowledge."""
    return {
        "id": str(document.id),
        "name": document.name,
        "content": document.content,
        "created_at": moment(document.created_at),
    }


def moment(at: datetime | None) -> str | None:
    """RFC 3339 in UTC with `Z`, to the millisecond."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _config_view(config: Mapping[str, Any]) -> dict[str, Any]:
    """The stored config in its order, which `jsonb` does not keep."""
    shown = {key: config[key] for key in CONFIG_KEYS if key in config}
    if config.get("substitutions"):
        order = ("field", "requested", "served", "reason")
        shown["substitutions"] = [
            {key: one[key] for key in order} for one in config["substitutions"]
        ]
    return shown


def _seconds(value: float | None) -> float | int | None:
    return None if value is None else _plain(round(value, _SECOND_DIGITS))


def amount(value: Decimal) -> float | int:
    """Credits, or a quantity that they were paid for, with at most six decimals."""
    return _plain(float(round(value, _CREDIT_DIGITS)))


def _plain(value: float) -> float | int:
    """A whole number without its `.0`."""
    return int(value) if value.is_integer() else value
