"""What one session learns of a recogniser, the next one of its worker knows."""

from pathlib import Path

import pytest

from agent.equipment.habits import Habits
from pipeline.foresight import Foresight, Odds
from pipeline.punctuation import Punctuation
from pipeline.recogniser_habits import RecogniserHabits

MODEL, LANGUAGE = "saaras:v2.5", "hi-IN"
SEEN = RecogniserHabits(Punctuation(5, 1), Foresight(Odds(4, 3), Odds(9, 2)))
NOTHING = RecogniserHabits()


def test_what_is_kept_is_known_of_that_model_in_that_language(tmp_path: Path) -> None:
    Habits(tmp_path / "habits").keep(MODEL, LANGUAGE, SEEN)
    habits = Habits(tmp_path / "habits")
    assert habits.of(MODEL, LANGUAGE) == SEEN
    assert habits.of(MODEL, "en-IN") == NOTHING
    assert habits.of("saaras:v3", LANGUAGE) == NOTHING
    assert len(list((tmp_path / "habits").iterdir())) == 1


@pytest.mark.parametrize(
    "text",
    [
        *("", "5", "5 1", "x y 0 0 0 0", "5 1 4 3 9 2 0", "5 1 " * 100),
        *("1 2 0 0 0 0", "-1 -1 0 0 0 0", "999999 0 0 0 0 0"),
        *("5 1 1 2 0 0", "5 1 99999 0 0 0", "5 1 0 0 1 2", "5 1 0 0 -1 -1"),
    ],
)
def test_what_does_not_add_up_is_nothing(text: str, tmp_path: Path) -> None:
    habits = Habits(tmp_path)
    habits.keep(MODEL, LANGUAGE, SEEN)
    (path,) = tmp_path.iterdir()
    path.write_text(text, encoding="ascii")
    assert habits.of(MODEL, LANGUAGE) == NOTHING


def test_a_folder_that_cannot_be_written_costs_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "habits").write_text("in the way", encoding="ascii")
    Habits(tmp_path / "habits").keep(MODEL, LANGUAGE, SEEN)
    assert [record.message for record in caplog.records] == ["habits.not_kept"]
