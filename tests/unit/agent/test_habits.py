"""What one session learns of a recogniser, the next one of its worker knows."""

from pathlib import Path

import pytest

from agent.habits import Habits
from pipeline.punctuation import Punctuation

MODEL, LANGUAGE = "saaras:v2.5", "hi-IN"


def test_what_is_kept_is_known_of_that_model_in_that_language(tmp_path: Path) -> None:
    Habits(tmp_path / "habits").keep(MODEL, LANGUAGE, Punctuation(5, 1))
    habits = Habits(tmp_path / "habits")
    assert habits.punctuation(MODEL, LANGUAGE) == Punctuation(5, 1)
    assert habits.punctuation(MODEL, "en-IN") == Punctuation()
    assert habits.punctuation("saaras:v3", LANGUAGE) == Punctuation()
    assert len(list((tmp_path / "habits").iterdir())) == 1


@pytest.mark.parametrize("text", ["", "5", "x y", "1 2", "-1 -1", "999999 0", "5 1 " * 100])
def test_what_does_not_add_up_is_nothing(text: str, tmp_path: Path) -> None:
    habits = Habits(tmp_path)
    habits.keep(MODEL, LANGUAGE, Punctuation(5, 1))
    (path,) = tmp_path.iterdir()
    path.write_text(text, encoding="ascii")
    assert habits.punctuation(MODEL, LANGUAGE) == Punctuation()


def test_a_folder_that_cannot_be_written_costs_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "habits").write_text("in the way", encoding="ascii")
    Habits(tmp_path / "habits").keep(MODEL, LANGUAGE, Punctuation(5, 1))
    assert [record.message for record in caplog.records] == ["habits.not_kept"]
