"""One turn of a transcript, as the API lists it and the agent announces it in the room."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from cli.caller.errors import ApiUnreachable

TURN_TOPIC = "vaarta.turn"
"""Topic of the data packets that carry a turn as JSON."""


class Turn(BaseModel):
    """Latencies in milliseconds; None where a stage was not measured. Other fields are ignored.

    `…_at_ms` count from the session's start.
    """

    model_config = ConfigDict(frozen=True)

    turn_index: int
    user_transcript: str = ""
    agent_response: str = ""
    interrupted: bool = False
    eou_delay_ms: int | None = None
    stt_ms: int | None = None
    first_token_ms: int | None = None
    tts_ttfb_ms: int | None = None
    first_audio_ms: int | None = None
    acknowledged_ms: int | None = None
    total_ms: int | None = None
    speech_ended_at_ms: int | None = None
    llm_requested_at_ms: int | None = None
    tts_requested_at_ms: int | None = None
    discarded_answers: int | None = None
    used_input_tokens: int | None = None
    used_output_tokens: int | None = None
    used_characters: int | None = None
    discarded_input_tokens: int | None = None
    discarded_output_tokens: int | None = None
    discarded_characters: int | None = None
    llm_model: str | None = None
    created_at: datetime | None = None


def parse_turn(data: bytes) -> Turn:
    """Raises ApiUnreachable when the packet is no turn."""
    try:
        return Turn.model_validate_json(data)
    except ValidationError as exc:
        raise ApiUnreachable(f"{TURN_TOPIC}: {exc.error_count()} fields are not a turn's") from exc
