"""What a create request comes to once the catalog's defaults have filled it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from control_api.request.errors import ApiError, ErrorCode, invalid_field
from control_api.request.fields import DELAYS_UNORDERED, MAX_BOT_PROMPT, MAX_GREETING, MAX_PROMPT
from control_api.request.listed import lists
from control_api.sessions.requests import CreateSession
from core.catalog import Catalog, Language, Model, Voice
from core.setting_groups import LlmSettings
from store.records import KeyRecord, Substitution, TenantRecord

DELAYS: Final = ("min_endpointing_delay", "max_endpointing_delay")
"""There only when they were asked for: what holds otherwise is the worker's own setting."""
_BRACED: Final = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
_WITHIN_NAMES: Final = frozenset("_.-\u200c\u200d")
"""The last two are joiners, without which some words of Indian languages cannot be written."""
_LONGEST: Final = {"system_prompt": MAX_PROMPT, "greeting": MAX_GREETING}
_LONGEST_WITH_BOT: Final = {**_LONGEST, "system_prompt": MAX_BOT_PROMPT}


def resolve_config(body: CreateSession, catalog: Catalog, room_name: str) -> dict[str, Any]:
    """The session's config, in the contract's order.

    Raises `ApiError` (422) for variables, and for delays that only a bot's own put out of order.
    """
    language = catalog.language(body.language or catalog.default_language)
    assert language is not None
    voice, substitutions = _voice_for(body, catalog, language)
    prompt = catalog.default_system_prompt if body.system_prompt is None else body.system_prompt
    greeting = language.greeting if body.greeting is None else body.greeting
    longest = _LONGEST if body.bot_id is None else _LONGEST_WITH_BOT
    texts = fill({"system_prompt": prompt, "greeting": greeting}, body.variables, longest)
    config: dict[str, Any] = {
        "system_prompt": texts["system_prompt"],
        "voice": voice.id,
        "language": language.id,
        "llm_model": catalog.default_model if body.llm_model is None else body.llm_model,
        "tts_provider": body.tts_provider,
        "max_duration_seconds": body.max_duration_seconds,
        "livekit_room": room_name,
        # Somebody has to speak first, so one that no voice can say is the language's own.
        "greeting": texts["greeting"] if _is_sayable(texts["greeting"]) else language.greeting,
        "stt_model": body.stt_model or catalog.default_stt_model,
        "tts_model": body.tts_model or voice.tts_model,
    }
    config |= _delays(body)
    if body.store_transcript is not None:
        config["store_transcript"] = body.store_transcript
    if body.record is not None:
        config["record"] = body.record
    if substitutions:
        config["substitutions"] = [asdict(one) for one in substitutions]
    return config


def fill(
    texts: Mapping[str, str],
    variables: Mapping[str, str],
    longest: Mapping[str, int] = _LONGEST,
) -> dict[str, str]:
    """`texts` with every `{{name}}` replaced once. Raises `ApiError` (422) on `variables`:
    for names without a value, and when a text outgrows its field's own limit in `longest`."""
    names = {match[1] for text in texts.values() for match in _placeholders(text)}
    if unfilled := sorted(names - variables.keys()):
        raise invalid_field("variables", f"No value for {', '.join(unfilled)}", "missing")
    for field, text in texts.items():
        # Reckoned before it is built: a short prompt may name a long value very often.
        grown = sum(len(variables[m[1]]) - len(m[0]) for m in _placeholders(text))
        if len(text) + grown > longest[field]:
            message = f"{field} would be longer than {longest[field]} characters"
            raise invalid_field("variables", message, "string_too_long")
    return {
        field: _BRACED.sub(lambda m: variables[m[1]] if _is_name(m[1]) else m[0], text)
        for field, text in texts.items()
    }


def _placeholders(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _BRACED.finditer(text) if _is_name(match[1]))


def _is_name(text: str) -> bool:
    """Letters in any script with their marks (a vowel sign is one), digits, and `_`, `.`, `-`."""
    return all(
        one.isalnum() or one in _WITHIN_NAMES or unicodedata.category(one).startswith("M")
        for one in text
    )


def _is_sayable(text: str) -> bool:
    """Signs alone make no sound."""
    return any(one.isalnum() for one in text)


def require_model(
    model_id: str, catalog: Catalog, llm: LlmSettings, tenant: TenantRecord, key: KeyRecord | None
) -> Model:
    """The model, if this caller can have it now. Raises `ApiError`: 422, then 403, then 503."""
    model = catalog.model(model_id)
    if model is None:
        raise _model_not_found(f"No such model. There are: {_model_ids(catalog)}.")
    if model.status == "retired":
        raise _model_not_found(f"{model.id} is retired; {model.successor} took its place.")
    if tenant.plan not in model.plans:
        raise _model_error(ErrorCode.MODEL_NOT_AVAILABLE, f"Plan {tenant.plan} lacks {model.id}.")
    if key is not None and not lists(key.allowed_models, model.id):
        raise _model_error(ErrorCode.MODEL_NOT_ALLOWED, f"This key may not use {model.id}.")
    if model.status == "maintenance":
        message = f"{model.id} is under maintenance; use {model.successor} meanwhile."
        raise _model_error(ErrorCode.MODEL_UNDER_MAINTENANCE, message)
    if not any(llm.upstream(route.upstream) for route in model.routes):
        message = f"No provider of {model.id} is configured here."
        raise _model_error(ErrorCode.PROVIDER_ERROR, message)
    return model


def _delays(body: CreateSession) -> dict[str, float]:
    given = {name: value for name in DELAYS if (value := getattr(body, name)) is not None}
    if len(given) == len(DELAYS) and given[DELAYS[1]] < given[DELAYS[0]]:
        raise invalid_field(DELAYS[1], DELAYS_UNORDERED, "delays_unordered")
    return given


def _voice_for(
    body: CreateSession, catalog: Catalog, language: Language
) -> tuple[Voice, list[Substitution]]:
    """The voice that will speak: an unknown one is the default, so is one that cannot."""
    default = catalog.voice(catalog.default_voice)
    assert default is not None
    asked = catalog.voice(body.voice) if body.voice is not None else None
    voice = asked or default
    substitutions = []
    if not voice.speaks(language.id):
        reason = f"{voice.id} does not speak {language.id}"
        substitutions.append(Substitution("voice", voice.id, default.id, reason))
        voice = default
    tts_model = catalog.tts_model(body.tts_model) if body.tts_model is not None else None
    if tts_model is not None and tts_model.id != voice.tts_model:
        reason = f"{voice.id} is no voice of {tts_model.id}"
        substitutions.append(Substitution("voice", voice.id, tts_model.default_speaker, reason))
    return voice, substitutions


def _model_ids(catalog: Catalog) -> str:
    listed = [model.id for model in catalog.models if model.status == "available"]
    return ", ".join([*listed, "openrouter/<vendor>/<model>", "clarifai/<model>"])


def _model_not_found(message: str) -> ApiError:
    return _model_error(ErrorCode.MODEL_NOT_FOUND, message)


def _model_error(code: ErrorCode, message: str) -> ApiError:
    return ApiError(code, message, param="llm_model")
