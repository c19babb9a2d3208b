"""Configuration of a legacy recognition socket: the query, as strings."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox import languages
from sandbox.stt_options import MODES, ConfigError, check_keyterms, require_choice

MODELS = ("saaras:v4", "saaras:v3")
_CODECS = ("wav", "pcm_s16le", "pcm_l16", "pcm_raw")
_RATES = ("16000", "8000")
_SILENCE_MS = 1000
_SENSITIVE_SILENCE_MS = 500
"""What ends a segment, without and with ``high_vad_sensitivity``."""


@dataclass(frozen=True)
class LegacyConfig:
    language: str
    model: str
    rate_hz: int
    silence_ms: int
    sends_vad_signals: bool
    obeys_flush: bool


def parse_query(query: Mapping[str, str], silence_ms: int | None) -> LegacyConfig:
    """``silence_ms`` is the script's. The frame and threshold options are taken and not used:
    our gate measures energy. Raises ConfigError."""
    language = query.get("language-code", "")
    if not language:
        raise ConfigError("language-code is required")
    if language not in languages.STT_LEGACY:
        raise ConfigError(f"language-code {language!r} is not supported")
    model = require_choice("model", query.get("model", MODELS[0]), MODELS)
    require_choice("mode", query.get("mode", MODES[0]), MODES)
    require_choice("input_audio_codec", query.get("input_audio_codec", "wav"), _CODECS)
    check_keyterms(query.get("keyterms", "null"), model)
    if silence_ms is None:
        silence_ms = _SENSITIVE_SILENCE_MS if _flag(query, "high_vad_sensitivity") else _SILENCE_MS
    return LegacyConfig(
        language=language,
        model=model,
        rate_hz=int(require_choice("sample_rate", query.get("sample_rate", "16000"), _RATES)),
        silence_ms=silence_ms,
        sends_vad_signals=_flag(query, "vad_signals"),
        obeys_flush=_flag(query, "flush_signal"),
    )


def _flag(query: Mapping[str, str], name: str) -> bool:
    return query.get(name, "").lower() == "true"
