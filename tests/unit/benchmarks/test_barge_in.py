import pytest

from benchmarks.barge_in import listening
from benchmarks.scenario import load_scenario
from benchmarks.tones import spoken_ms
from benchmarks.words import words_missing

SCENARIO = load_scenario("barge_in")
LONG, SHORT = (SCENARIO.reply_to(text) for text in ("opening hours", "book a table"))
VOICE = SCENARIO.sandbox["tts"]


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_long_answer_is_broken_into_while_it_is_made(chance: float) -> None:
    listen_s, state = listening(SCENARIO, LONG, chance)
    made_s = spoken_ms(LONG, VOICE["ms_per_char"]) / 1000 / VOICE["realtime_factor"]
    assert state == "in synthesis"
    assert 1.0 <= listen_s <= 2.0 < made_s / 2


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_short_answer_is_broken_into_between_its_making_and_its_end(chance: float) -> None:
    listen_s, state = listening(SCENARIO, SHORT, chance)
    whole_s = spoken_ms(SHORT, VOICE["ms_per_char"]) / 1000
    assert state == "after synthesis"
    assert whole_s / VOICE["realtime_factor"] < listen_s < whole_s - 0.5


def test_only_words_that_were_said_and_not_recorded_are_missing() -> None:
    assert (
        words_missing("Hold on I have another question.", "hold on, I have another question") == 0
    )
    assert words_missing("Hold on I have another question.", "I have a question") == 3
    assert words_missing("no no no", "no") == 2


def test_words_that_were_recorded_and_not_said_are_another_matter() -> None:
    assert words_missing("Hold on.", "Hold on to that.") == 0
