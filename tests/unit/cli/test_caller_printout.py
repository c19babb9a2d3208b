from cli.caller.caller import Segment
from cli.caller.printout import latency_table, spoken_line
from cli.caller.turn import Turn


def test_a_line_says_who_spoke() -> None:
    assert spoken_line(Segment("caller", "1", "hello there", True, 0.0)) == "You: hello there"
    assert spoken_line(Segment("agent", "2", " Hi. ", True, 0.0)) == "Agent: Hi."


def test_turns_are_listed_in_order_and_unmeasured_stages_are_dashes() -> None:
    turns = [
        Turn(turn_index=1, stt_ms=140, first_audio_ms=430, interrupted=True),
        Turn(turn_index=0, tts_ttfb_ms=80),
    ]
    header, greeting, first = latency_table(turns).splitlines()
    assert header.split("  ")[0] == "turn"
    assert greeting.split() == ["0", "-", "-", "-", "80", "-", "-"]
    assert first.split() == ["1", "-", "140", "-", "-", "430", "-", "interrupted"]
