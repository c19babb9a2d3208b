"""What a turn's end is counted as, and the line that tells of it."""

import logging
from dataclasses import replace
from typing import cast

import pytest
from prometheus_client import REGISTRY

from agent.records.recorder import Recorder
from agent.records.row_queue import RowQueue
from agent.records.till import Till
from pipeline.events import TurnEnded
from pipeline.spending import Spent
from tests.unit.agent.records.test_recorder import FixedTill, turn


class NoRows:
    def put(self, row: object) -> None:
        """Nothing is written here."""


def counted(fate: str) -> tuple[float, ...]:
    tokens = (
        REGISTRY.get_sample_value(
            "vaarta_turn_tokens_total", {"direction": direction, "fate": fate}
        )
        for direction in ("input", "output")
    )
    characters = REGISTRY.get_sample_value("vaarta_turn_characters_total", {"fate": fate})
    return tuple(value or 0.0 for value in (*tokens, characters))


@pytest.fixture
def ended() -> TurnEnded:
    return replace(turn(1), n_discarded=2, used=Spent(90, 12, 40), discarded=Spent(180, 3))


@pytest.fixture
def recorder() -> Recorder:
    return Recorder(cast(RowQueue, NoRows()), cast(Till, FixedTill()), keeps_words=True)


def test_what_was_asked_for_in_vain_is_counted_beside_what_was_used(
    recorder: Recorder, ended: TurnEnded
) -> None:
    before = counted("used") + counted("discarded")
    recorder.record(ended)
    after = counted("used") + counted("discarded")
    grown = [now - then for then, now in zip(before, after, strict=True)]
    assert grown == [90, 12, 40, 180, 3, 0]


def test_a_turns_line_tells_of_both(
    recorder: Recorder, ended: TurnEnded, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        recorder.record(ended)
    (line,) = caplog.records
    told = vars(line)
    assert line.message == "turn.ended"
    assert (told["n_discarded"], told["used_characters"]) == (2, 40)
    assert (told["discarded_input_tokens"], told["discarded_output_tokens"]) == (180, 3)


def test_an_acknowledgement_is_timed_beside_the_answer(
    recorder: Recorder, ended: TurnEnded, caplog: pytest.LogCaptureFixture
) -> None:
    labels = {"stage": "acknowledged", "language": ended.language}
    before = REGISTRY.get_sample_value("vaarta_turn_seconds_sum", labels) or 0.0
    with caplog.at_level(logging.INFO):
        recorder.record(replace(ended, acknowledged_ms=600))
        recorder.record(ended)
    told = [vars(line)["acknowledged_ms"] for line in caplog.records]
    after = REGISTRY.get_sample_value("vaarta_turn_seconds_sum", labels)
    assert told == [600, None]
    assert after == pytest.approx(before + 0.6)
