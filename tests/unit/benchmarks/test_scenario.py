from pathlib import Path

import pytest

from benchmarks.scenario import PROFILES, Latencies, Scenario, load_scenario
from sandbox.script import Script, load_script
from sandbox.scripted.wording import Wording

NAMES = ("response_latency", "barge_in", "false_interruption", "peers", "turn_taking")


def script_of(scenario: Scenario, folder: Path) -> Script:
    path = folder / "script.toml"
    scenario.write_script(path)
    return load_script(path)


@pytest.mark.parametrize("name", NAMES)
def test_the_recogniser_hears_the_clips_in_the_order_in_which_they_are_played(
    name: str, tmp_path: Path
) -> None:
    scenario = load_scenario(name)
    utterances = script_of(scenario, tmp_path).stt.utterances
    assert [u.text for u in utterances] == [clip.text for clip in scenario.clips]
    assert [u.speech_ms for u in utterances] == [clip.voiced_ms for clip in scenario.clips]
    assert [[pause.speech_ms for pause in u.pauses] for u in utterances] == [
        [pause.voiced_before_ms for pause in clip.pauses] for clip in scenario.clips
    ]


def test_asked_for_latencies_replace_the_scenarios(tmp_path: Path) -> None:
    latencies = Latencies(stt_ms=70, silence_window_ms=250, first_token_ms=30, tts_first_byte_ms=20)
    script = script_of(load_scenario("response_latency").on(latencies), tmp_path)
    assert (script.stt.latency_ms, script.stt.silence_window_ms) == (70, 250)
    assert (script.chat.first_token_ms, script.tts.first_byte_ms) == (30, 20)
    assert script.chat.tokens_per_s == 100.0


def test_the_first_tokens_jitter_reaches_the_stand_in(tmp_path: Path) -> None:
    scenario = load_scenario("response_latency").on(PROFILES["field"])
    script = script_of(scenario, tmp_path)
    assert (script.chat.jitter_ms, script.stt.partial_latency_ms) == (300, 250)


def test_the_recogniser_punctuates_as_it_is_told(tmp_path: Path) -> None:
    scenario = load_scenario("turn_taking").on(Latencies(), "always")
    assert script_of(scenario, tmp_path).stt.punctuation == "always"


def test_latencies_that_were_not_asked_for_stay(tmp_path: Path) -> None:
    scenario = load_scenario("response_latency")
    assert script_of(scenario.on(Latencies()), tmp_path) == script_of(scenario, tmp_path)


def test_a_barge_in_is_answered_otherwise_than_a_question() -> None:
    scenario = load_scenario("barge_in")
    questions = {scenario.reply_to(c.text) for c in scenario.clips if c.kind == "question"}
    barge_ins = {scenario.reply_to(c.text) for c in scenario.clips if c.kind == "barge_in"}
    assert barge_ins == {"Of course, go on."}
    assert len(questions - barge_ins) == 2


@pytest.mark.parametrize("name", ["response_latency", "peers", "turn_taking"])
def test_half_of_the_answers_open_with_the_answer_and_none_is_the_only_one(
    name: str, tmp_path: Path
) -> None:
    script = script_of(load_scenario(name), tmp_path)
    wording = Wording(script.chat, script.seed)
    questions = [heard.text for heard in script.stt.utterances] * 8
    answers = [wording.word(said, "m", 60.0 * number) for number, said in enumerate(questions)]
    opened = [any(answer.startswith(of) for of in script.chat.openings) for answer in answers]
    assert 0.4 < sum(opened) / len(answers) < 0.6
    assert len(set(answers)) > 0.6 * len(answers)


def test_a_model_that_tells_who_is_done_does_so_as_rightly_as_was_asked(tmp_path: Path) -> None:
    scenario = load_scenario("turn_taking").on(Latencies(), told_rightly=90)
    chat = script_of(scenario, tmp_path).chat
    assert (chat.unfinished_sign, chat.told_rightly_percent) == ("…", 90)
    assert scenario.tells_unfinished
    assert not load_scenario("turn_taking").on(Latencies()).tells_unfinished
