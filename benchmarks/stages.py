"""What the system recorded of a turn's stages: the fields of a row, and their places in time.

::

    caller's last sound   0        decided        first audio     heard
    recognition           |--stt--|   |               |             |
    end of turn           |----eou----|               |             |
    model            |--first token--|                |             |
    voice                            |--first byte--| |             |
    transport                                         |-------------|

A model asked before the caller had ended was asked on speculation: its bar begins left of 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cli.caller.turn import Turn

LATENCIES: Final = ("eou_delay_ms", "stt_ms", "first_token_ms", "tts_ttfb_ms", "first_audio_ms")
MOMENTS: Final = ("speech_ended_at_ms", "llm_requested_at_ms", "tts_requested_at_ms")
HEARD: Final = "voice_to_voice"


@dataclass(frozen=True)
class Stage:
    """Milliseconds from the caller's last sound."""

    name: str
    start_ms: float
    end_ms: float


def stages_of(turn: Turn) -> dict[str, Any]:
    """The fields of a result's row."""
    return {field: getattr(turn, field) for field in (*LATENCIES, *MOMENTS)}


def place_stages(row: Mapping[str, Any]) -> list[Stage]:
    """Those that were recorded, in the order in which they are drawn."""
    ended_at = row.get("speech_ended_at_ms")
    asked_model, asked_voice = row.get("llm_requested_at_ms"), row.get("tts_requested_at_ms")
    stages = [
        _stage("recognition", 0.0, row.get("stt_ms")),
        _stage("end of turn", 0.0, row.get("eou_delay_ms")),
        _stage("model", _since(ended_at, asked_model), row.get("first_token_ms")),
        _stage("voice", _since(ended_at, asked_voice), row.get("tts_ttfb_ms")),
    ]
    first_audio, heard = row.get("first_audio_ms"), row.get(HEARD)
    if first_audio is not None and heard is not None:
        stages.append(Stage("transport", float(first_audio), float(heard)))
    return [stage for stage in stages if stage is not None]


def _stage(name: str, start_ms: float | None, took_ms: float | None) -> Stage | None:
    if start_ms is None or took_ms is None:
        return None
    return Stage(name, start_ms, start_ms + took_ms)


def _since(ended_at_ms: float | None, at_ms: float | None) -> float | None:
    return None if ended_at_ms is None or at_ms is None else float(at_ms - ended_at_ms)
