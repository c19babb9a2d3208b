"""The sound of an acknowledgement: nothing but itself."""

from pipeline.acknowledgement import trimmed

SILENCE = bytes(2 * 24_000)
HUM = b"\0\x10" * 4_800


def test_the_silence_around_it_is_cut_off() -> None:
    assert trimmed(SILENCE + HUM + SILENCE) == HUM
    assert trimmed(HUM) == HUM
    assert trimmed(SILENCE) == b""
