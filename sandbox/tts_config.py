"""What may be asked of the voice: the config fields of every model, on socket and HTTP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox import languages
from sandbox.codecs import CODECS
from sandbox.ports import SpokenLine
from sandbox.speakers import DEFAULT_SPEAKER, V2, V3, V4, accepted_speakers, is_known_anywhere

BITRATES = ("32k", "64k", "96k", "128k", "192k")
N = TypeVar("N")
_STREAM_RATES = (8000, 16000, 22050, 24000)
_V4_OPUS_RATES = (8000, 16000, 24000)


class TtsRefusal(ValueError):
    """A value that the provider refuses; the message is what it says to the client."""


@dataclass(frozen=True)
class Surface:
    """Where the request came in; the same fields have other bounds there."""

    rates_hz: tuple[int, ...]
    opus_rates_hz: tuple[int, ...] | None
    """None: opus is refused on v3 and v4-flash."""
    default_codec: str
    refuses_pitch_on_v3: bool


SOCKET = Surface(_STREAM_RATES, _STREAM_RATES, "mp3", refuses_pitch_on_v3=False)
HTTP = Surface((*_STREAM_RATES, 32000, 44100, 48000), None, "wav", refuses_pitch_on_v3=True)
HTTP_STREAM = Surface(
    (*_STREAM_RATES, 12000, 48000), (8000, 12000, 16000, 24000, 48000), "mp3", True
)


@dataclass(frozen=True)
class TtsConfig:
    model: str
    language: str
    speaker: str
    codec: str
    rate_hz: int = 22050
    bitrate: str = "128k"
    pace: float = 1.0
    pitch: float = 0.0
    loudness: float = 1.0
    min_buffer_chars: int = 50
    max_chunk_chars: int = 150

    def line(self, text: str) -> SpokenLine:
        return SpokenLine(
            text=text,
            speaker=self.speaker,
            model=self.model,
            language=self.language,
            rate_hz=self.rate_hz,
            pace=self.pace,
            pitch=self.pitch,
            loudness=self.loudness,
        )


def parse_config(
    data: Mapping[str, Any], model: str, surface: Surface, refused: tuple[str, ...] = ()
) -> TtsConfig:
    """``model`` is the query's, ``refused`` the script's speakers. Raises TtsRefusal."""
    model = str(data.get("model") or model or V3)
    if model not in accepted_speakers():
        raise TtsRefusal(f"model {model!r} is not supported")
    codec = _read_codec(data, model, surface)
    if model != V2:
        _read_number(data, "temperature", 0.6, (0.01, 1.0))
    pitch, loudness = _read_pitch_and_loudness(data, model, surface)
    return TtsConfig(
        model=model,
        language=_read_language(data, model),
        speaker=_read_speaker(data, model, refused),
        codec=codec,
        rate_hz=_read_rate(data, model, surface, codec),
        bitrate=_read_choice(data, "output_audio_bitrate", "128k", BITRATES),
        pace=_read_number(data, "pace", 1.0, (0.3, 3.0) if model == V2 else (0.5, 2.0)),
        pitch=pitch,
        loudness=loudness,
        min_buffer_chars=int(_read_number(data, "min_buffer_size", 50, (30, 200))),
        max_chunk_chars=int(_read_number(data, "max_chunk_length", 150, (50, 500))),
    )


def _read_language(data: Mapping[str, Any], model: str) -> str:
    language = data.get("language_code") or data.get("target_language_code")
    if not language:
        raise TtsRefusal("target_language_code is required")
    if language not in (languages.TTS_V4 if model == V4 else languages.TTS):
        raise TtsRefusal(f"language {language!r} is not supported by {model}")
    return str(language)


def _read_speaker(data: Mapping[str, Any], model: str, refused: tuple[str, ...]) -> str:
    speaker = data.get("speaker") or DEFAULT_SPEAKER[model]
    valid = accepted_speakers()[model]
    if speaker in valid and speaker not in refused:
        return str(speaker)
    if isinstance(speaker, str) and is_known_anywhere(speaker) and speaker not in refused:
        names = ", ".join(sorted(valid))
        raise TtsRefusal(
            f"Speaker '{speaker}' is not compatible with model {model}. Available speakers: {names}"
        )
    raise TtsRefusal(f"Speaker '{speaker}' is not recognized")


def _read_codec(data: Mapping[str, Any], model: str, surface: Surface) -> str:
    codec = _read_choice(data, "output_audio_codec", surface.default_codec, tuple(CODECS))
    if codec == "opus" and model != V2 and surface.opus_rates_hz is None:
        raise TtsRefusal(f"output_audio_codec opus is not supported by {model}")
    return codec


def _read_rate(data: Mapping[str, Any], model: str, surface: Surface, codec: str) -> int:
    allowed = surface.rates_hz
    if codec == "opus" and surface is not SOCKET and surface.opus_rates_hz is not None:
        allowed = surface.opus_rates_hz
    elif codec == "opus" and model == V4:
        allowed = _V4_OPUS_RATES
    elif surface is HTTP and model == V2:
        allowed = _STREAM_RATES
    default = 22050 if 22050 in allowed else 24000
    rate = _integer(data.get("speech_sample_rate"), default)
    if rate not in allowed:
        raise TtsRefusal(f"speech_sample_rate must be one of {', '.join(map(str, allowed))}")
    return rate


def _read_pitch_and_loudness(
    data: Mapping[str, Any], model: str, surface: Surface
) -> tuple[float, float]:
    """v3 and v4-flash ignore both on the socket; v3 refuses their presence over HTTP."""
    if model == V2:
        pitch = _read_number(data, "pitch", 0.0, (-0.75, 0.75))
        return pitch, _read_number(data, "loudness", 1.0, (0.3, 3.0))
    for name in ("pitch", "loudness"):
        if model == V3 and surface.refuses_pitch_on_v3 and data.get(name) is not None:
            raise TtsRefusal(f"{name} is not supported by {model}")
    return 0.0, 1.0


def _read_choice(data: Mapping[str, Any], name: str, default: str, choices: tuple[str, ...]) -> str:
    value = data.get(name) or default
    if value not in choices:
        raise TtsRefusal(f"{name} must be one of {', '.join(choices)}")
    return str(value)


def _read_number(
    data: Mapping[str, Any], name: str, default: float, bounds: tuple[float, float]
) -> float:
    value = data.get(name)
    number = _convert(float, value, default)
    if number is None or not bounds[0] <= number <= bounds[1]:
        raise TtsRefusal(f"{name} must be between {bounds[0]:g} and {bounds[1]:g}")
    return number


def _integer(value: Any, default: int) -> int:
    """An older schema sends the rate as a string."""
    return _convert(int, value, default) or 0


def _convert(kind: Callable[[Any], N], value: Any, default: N) -> N | None:
    if value is None:
        return default
    try:
        return kind(value)
    except (TypeError, ValueError):
        return None
