from dataclasses import replace

import pytest

from benchmarks.clips import load_clips
from benchmarks.scenario import load_scenario, utterance_of
from benchmarks.sweep.heard import HeardClip, hear_call
from benchmarks.sweep.policies import DEFAULT_SERIES, Policy, policies
from benchmarks.sweep.replay import Providers, replay
from benchmarks.sweep.run import run_sweep
from pipeline.endpointing import Endpointing
from sandbox.script import SttScript
from sandbox.scripted.broken_off import BrokenOff

KNOWN = {clip.name: clip for clip in load_clips()}
PAUSED = KNOWN["unfinished_cost_to"]
"""A pause of 900 ms after "How much would it cost to"."""
PROVIDERS = Providers(SttScript(), 0.1, 0.02, 0.08)


@pytest.fixture(scope="module")
def call() -> list[HeardClip]:
    return hear_call([PAUSED])


def test_silence_alone_cuts_a_caller_off_who_pauses_for_longer(call: list[HeardClip]) -> None:
    (outcome,) = replay(call, Endpointing(min_delay_s=0.4, max_delay_s=0.4), PROVIDERS)
    (cut_off,) = outcome.cut_offs
    assert cut_off.pause == PAUSED.pauses[0]
    # Heard from the decision, or when it can be made, to when the caller's voice is noticed.
    assert 0.45 < cut_off.heard_s < 0.75
    assert not cut_off.is_taken_back
    assert not outcome.is_whole


def test_patience_hears_the_sentence_to_its_end(call: list[HeardClip]) -> None:
    (outcome,) = replay(call, Endpointing(min_delay_s=0.3, max_delay_s=1.5), PROVIDERS)
    assert outcome.cut_offs == ()
    assert outcome.is_whole
    assert outcome.dead_air_s is not None
    assert 0.25 < outcome.dead_air_s < 0.5


def test_an_answer_of_which_little_was_heard_is_taken_back(call: list[HeardClip]) -> None:
    (outcome,) = replay(call, Endpointing(min_delay_s=0.75, max_delay_s=0.75), PROVIDERS)
    assert [cut.is_taken_back for cut in outcome.cut_offs] == [True]
    assert outcome.is_whole


def test_a_model_that_tells_has_the_caller_waited_for(call: list[HeardClip]) -> None:
    hasty = Endpointing(min_delay_s=0.2, max_delay_s=1.2)
    parcel = hear_call([KNOWN["unfinished_parcel_sent"]])
    stt = SttScript(punctuation="never")
    deaf = replace(PROVIDERS, stt=stt)
    telling = replace(deaf, broken_off=BrokenOff([utterance_of(parcel[0].record)], 100, 0))
    (cut,), (heard,) = replay(parcel, hasty, deaf), replay(parcel, hasty, telling)
    assert [len(cut.cut_offs), len(heard.cut_offs)] == [1, 0]
    assert heard.is_whole


def test_one_that_errs_is_answered_after_the_longest_delay(call: list[HeardClip]) -> None:
    wrong = BrokenOff([utterance_of(PAUSED)], 0, 0)
    providers = replace(PROVIDERS, stt=SttScript(punctuation="never"), broken_off=wrong)
    (outcome,) = replay(call, Endpointing(min_delay_s=0.2, max_delay_s=1.2), providers)
    assert outcome.dead_air_s == pytest.approx(1.2, abs=0.05)


def test_the_sweep_starts_with_todays_policy_and_holds_the_baseline() -> None:
    first, *others = policies()
    assert first == Policy(DEFAULT_SERIES, Endpointing())
    assert any(p.endpointing.min_delay_s == p.endpointing.max_delay_s for p in others)


def test_a_sweep_tells_each_policys_cut_offs_and_dead_air() -> None:
    scenario = replace(load_scenario("turn_taking"), clips=(PAUSED, KNOWN["complete_menu"]))
    patient = Policy("patient", Endpointing(min_delay_s=1.0, max_delay_s=1.0))
    hasty = Policy("hasty", Endpointing(min_delay_s=0.4, max_delay_s=0.4))
    result = run_sweep(scenario, [patient, hasty])
    assert [(p.unfinished.hits, p.unfinished.of) for p in result.points] == [(0, 1), (1, 1)]
    assert [(p.complete.hits, p.complete.of) for p in result.points] == [(0, 1), (0, 1)]
    waits = [point.dead_air_ms for point in result.points]
    assert waits[0] is not None
    assert waits[1] is not None
    assert waits[0].p50 - waits[1].p50 == pytest.approx(600, abs=40)
    assert "patient" in result.table()
