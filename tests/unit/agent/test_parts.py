"""What a session's configuration comes to in its conversation."""

from typing import Any

import pytest

from agent.parts import endpointing_of
from core.setting_groups import TurnSettings
from pipeline.endpointing import Endpointing

OPERATOR = TurnSettings(min_endpointing_delay_ms=200, max_endpointing_delay_ms=800)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, Endpointing(0.2, 0.8)),
        ({"min_endpointing_delay": 0.4}, Endpointing(0.4, 0.8)),
        ({"max_endpointing_delay": 2}, Endpointing(0.2, 2)),
        ({"min_endpointing_delay": 0.1, "max_endpointing_delay": 0.3}, Endpointing(0.1, 0.3)),
        ({"min_endpointing_delay": 1.5}, Endpointing(1.5, 1.5)),
        ({"max_endpointing_delay": 0.1}, Endpointing(0.1, 0.1)),
    ],
)
def test_a_sessions_own_silences_win_over_the_operators(
    config: dict[str, Any], expected: Endpointing
) -> None:
    assert endpointing_of(OPERATOR, config) == expected
