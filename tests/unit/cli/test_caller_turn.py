import pytest

from cli.caller.errors import ApiUnreachable
from cli.caller.turn import parse_turn


def test_a_turn_of_the_room_is_read_and_unmeasured_stages_stay_unknown() -> None:
    turn = parse_turn(b'{"turn_index": 2, "user_transcript": "hello", "stt_ms": null, "extra": 1}')
    assert (turn.turn_index, turn.user_transcript, turn.stt_ms) == (2, "hello", None)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"turn_index": "first"}'])
def test_a_packet_that_is_no_turn_is_refused(data: bytes) -> None:
    with pytest.raises(ApiUnreachable):
        parse_turn(data)
