"""What a session's configuration comes to in its conversation."""

from typing import Any

import pytest

from agent.equipment.parts import endpointing_of, patience_of, script_of, voice_options
from core.catalog import Catalog
from core.setting_groups import LlmSettings, TurnSettings
from core.settings import Settings
from pipeline.clauses import Clauses
from pipeline.endpointing import Endpointing
from pipeline.race import Patience
from pipeline.repertoire import Clause

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


def test_the_longest_turn_is_the_operators() -> None:
    assert endpointing_of(TurnSettings(max_turn_s=45.0), {}).max_turn_s == 45.0


@pytest.mark.parametrize(
    ("config", "idle_prompt_s", "may_end_call"),
    [
        ({}, 20.0, True),
        ({"idle_prompt_s": 45, "end_call": False}, 45, False),
        ({"idle_prompt_s": 0}, 0, True),
    ],
)
def test_a_bots_own_manners_win_over_the_operators(
    config: dict[str, Any], idle_prompt_s: float, may_end_call: bool
) -> None:
    given = {"system_prompt": "Be brief.", "language": "hi-IN", "greeting": "नमस्ते", **config}
    script = script_of(Settings(), Catalog.load(), given)
    assert (script.idle_prompt_s, script.may_end_call) == (idle_prompt_s, may_end_call)


def test_callers_are_told_of_a_recording_where_there_is_one_and_the_bot_wants_it() -> None:
    given = {"system_prompt": "Be brief.", "language": "en-IN", "greeting": "Hello!"}
    asked = [{}, {"record": True}, {"record_notice": True}, {"record": True, "record_notice": True}]
    scripts = [script_of(Settings(), Catalog.load(), {**given, **one}) for one in asked]
    greetings = [script.greeting for script in scripts]
    assert greetings == ["Hello!"] * 3 + ["This call is recorded. Hello!"]


@pytest.mark.parametrize(
    ("hedges", "asks_beside"), [("other", True), ("any", True), ("off", False)]
)
def test_a_model_is_asked_twice_where_its_entry_allows_it(hedges: str, asks_beside: bool) -> None:
    model = Catalog.load().models[0].model_copy(update={"hedges": hedges})
    assert patience_of(LlmSettings(), model) == Patience(4.0, 5.0, 0.8, asks_beside=asks_beside)


def test_a_model_whose_entry_says_so_is_raced_from_the_start() -> None:
    model = Catalog.load().models[0].model_copy(update={"hedges": "race"})
    assert patience_of(LlmSettings(), model) == Patience(4.0, 5.0, 0.8, races=True)


@pytest.mark.parametrize(
    "line", ["wait", "still_there", "back", "farewell", "acknowledgement", "recorded"]
)
def test_each_language_has_lines_of_its_own(line: str) -> None:
    lines = [getattr(one, line) for one in Catalog.load().languages]
    assert len(set(lines)) == len(lines) == 11
    assert all(line.strip() for line in lines)


def test_each_languages_openings_are_spoken_on_their_own_and_recur() -> None:
    for language in Catalog.load().languages:
        assert len(language.openings) == 3
        for opening in language.openings:
            clauses = Clauses(language.id)
            clauses.push(opening)
            (piece,) = clauses.push(" x")
            assert (piece.reading.written, piece.is_flushed) == (opening, True)
            assert Clause("", piece.reading.spoken).may_recur


def test_no_acknowledgement_is_what_an_answer_may_open_with() -> None:
    for language in Catalog.load().languages:
        assert language.acknowledgement not in language.openings
        assert Clause("", language.acknowledgement).may_recur


@pytest.mark.parametrize(("after_ms", "after_s"), [(0, 0.0), (600, 0.6)])
def test_late_answers_are_acknowledged_where_the_operator_says_so(
    after_ms: int, after_s: float
) -> None:
    settings = Settings(turns=TurnSettings(acknowledge_after_ms=after_ms))
    given = {"system_prompt": "Be brief.", "language": "hi-IN", "greeting": "नमस्ते"}
    script = script_of(settings, Catalog.load(), given)
    assert (script.acknowledgement, script.acknowledge_after_s) == ("हम्म।", after_s)


def test_the_model_is_asked_for_an_opening_in_the_sessions_language() -> None:
    given = {"system_prompt": "Be brief.", "language": "hi-IN", "greeting": "नमस्ते"}
    prompt = script_of(Settings(), Catalog.load(), given).system_prompt
    assert prompt.startswith("Be brief.\n\n")
    assert prompt.endswith("such as: जी। ज़रूर। ठीक है।")
    assert prompt == script_of(Settings(), Catalog.load(), given).system_prompt


def test_a_language_without_openings_asks_for_a_short_clause() -> None:
    catalog = Catalog.load()
    plain = [one.model_copy(update={"openings": ()}) for one in catalog.languages]
    given = {"system_prompt": "Be brief.", "language": "hi-IN", "greeting": "नमस्ते"}
    script = script_of(Settings(), catalog.model_copy(update={"languages": tuple(plain)}), given)
    assert script.system_prompt.endswith("Begin with a short clause.")


def test_a_session_that_is_taken_up_speaks_in_the_voice_that_was_served() -> None:
    served = {"field": "voice", "requested": "priya", "served": "shubh", "reason": "refused"}
    config = {"voice": "priya", "tts_model": "bulbul:v3", "language": "en-IN"}
    catalog = Catalog.load()

    before = voice_options(catalog, config)
    after = voice_options(catalog, {**config, "substitutions": [served]})

    assert (before.speaker, after.speaker) == ("priya", "shubh")
