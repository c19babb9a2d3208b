from benchmarks.stages import Stage, place_stages, stages_of
from cli.caller.turn import Turn

TURN = Turn(
    turn_index=1,
    eou_delay_ms=210,
    stt_ms=160,
    first_token_ms=120,
    tts_ttfb_ms=80,
    first_audio_ms=320,
    speech_ended_at_ms=9000,
    llm_requested_at_ms=8900,
    tts_requested_at_ms=9100,
)


def test_a_model_that_was_asked_on_speculation_stands_left_of_the_callers_last_sound() -> None:
    row = {**stages_of(TURN), "voice_to_voice": 430.0}
    assert place_stages(row) == [
        Stage("recognition", 0, 160),
        Stage("end of turn", 0, 210),
        Stage("model", -100, 20),
        Stage("voice", 100, 180),
        Stage("transport", 320, 430),
    ]


def test_a_stage_that_was_not_recorded_is_not_drawn() -> None:
    row = {**stages_of(TURN.model_copy(update={"stt_ms": None})), "voice_to_voice": None}
    assert [stage.name for stage in place_stages(row)] == ["end of turn", "model", "voice"]
