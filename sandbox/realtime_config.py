"""Configuration of a realtime recognition session: the query, and changes on the way."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sandbox import languages
from sandbox.stt_options import MODES, ConfigError, check_keyterms

MODELS = ("saaras:v3-realtime", "saaras:v4")
_CHOICES: dict[str, tuple[str, ...]] = {
    "model": MODELS,
    "stream_type": ("balanced", "fast", "simulated"),
    "mode": MODES,
    "endpointing": ("vad", "manual"),
    "encoding": ("linear16", "linear32", "mulaw", "alaw"),
    "return_timestamps": ("true", "false"),
}
_AT_ONCE = ("threshold", "silence_duration_ms", "min_speech_duration_ms")
_AT_BOUNDARY = ("language_code", "mode", "prompt", "stream_type", "endpointing")


@dataclass(frozen=True)
class RealtimeConfig:
    language_code: str
    model: str = "saaras:v3-realtime"
    stream_type: str = "balanced"
    mode: str = "transcribe"
    prompt: str = ""
    endpointing: str = "vad"
    encoding: str = "linear16"
    sample_rate: int = 16000
    return_timestamps: bool = False
    threshold: float = 0.3
    """Echoed and checked only: our gate measures energy, not probability."""
    silence_duration_ms: int = 500
    min_speech_duration_ms: int = 60
    prefix_padding_ms: int = 300

    def echo(self) -> dict[str, Any]:
        """As ``session.begin`` shows it: ``endpointing`` under its other name."""
        shown = asdict(self)
        shown["turn_detection"] = shown.pop("endpointing")
        return shown


def parse_query(query: Mapping[str, str], silence_ms: int | None) -> RealtimeConfig:
    """``silence_ms`` is the script's, where the client names no window. Raises ConfigError."""
    values: dict[str, Any] = {}
    if silence_ms is not None:
        values["silence_duration_ms"] = silence_ms
    for name, text in query.items():
        if name in RealtimeConfig.__dataclass_fields__:
            values[name] = _read(name, text)
    if "language_code" not in values:
        raise ConfigError("language_code is required")
    config = RealtimeConfig(**values)
    check_keyterms(query.get("keyterms", "null"), config.model)
    return config


@dataclass(frozen=True)
class Update:
    """A ``config.update``: what changes now, and what waits for the utterance to end."""

    now: dict[str, Any]
    later: dict[str, Any]

    @property
    def applied(self) -> list[str]:
        return [*self.now, *self.later]


def parse_update(message: Mapping[str, Any], config: RealtimeConfig) -> Update:
    """Raises ConfigError; nothing of a refused update is applied."""
    now, later = {}, {}
    for name, value in message.items():
        if name == "event" or value is None:
            continue
        if name in _AT_ONCE:
            now[name] = _read(name, value)
        elif name in _AT_BOUNDARY:
            later[name] = _read(name, value)
        else:
            raise ConfigError(f"{name} cannot be changed during a session")
    stream_type = later.get("stream_type", config.stream_type)
    if stream_type != config.stream_type and "simulated" in (stream_type, config.stream_type):
        raise ConfigError("stream_type cannot change to or from simulated")
    return Update(now, later)


def apply(config: RealtimeConfig, changes: Mapping[str, Any]) -> RealtimeConfig:
    return replace(config, **changes)


def _read(name: str, value: Any) -> Any:
    if name in _CHOICES and value not in _CHOICES[name]:
        raise ConfigError(f"{name} must be one of {', '.join(_CHOICES[name])}")
    if name == "language_code" and value not in languages.STT_REALTIME:
        raise ConfigError(f"language_code {value!r} is not supported")
    if name == "return_timestamps":
        return value == "true"
    if name == "sample_rate":
        if str(value) not in ("16000", "8000"):
            raise ConfigError("sample_rate must be 16000 or 8000")
        return int(value)
    if name == "threshold":
        return _read_number(name, value, most=1.0)
    if name.endswith("_ms"):
        return int(_read_number(name, value))
    return value


def _read_number(name: str, value: Any, most: float = 3_600_000.0) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError) as exc:
        raise ConfigError(f"{name} must be a number") from exc
    if not 0 <= number <= most:
        raise ConfigError(f"{name} must be between 0 and {most:g}")
    return number
