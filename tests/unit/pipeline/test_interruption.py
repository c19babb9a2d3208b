"""What becomes of the reply while the caller makes a sound: suspend first, decide later."""

from dataclasses import replace

import pytest

from pipeline.interruption import Overlap, Verdict, judge

QUIET = Overlap(
    is_suspended=False,
    has_begun=False,
    voiced_run=0,
    probability=0.02,
    voice_s=0.0,
    silence_s=1.0,
    text="",
    is_settled=True,
)
VOICE = replace(QUIET, voiced_run=1, probability=0.6, silence_s=0.0)
TENTATIVE = replace(VOICE, is_suspended=True)
SUSPENDED = replace(QUIET, is_suspended=True, has_begun=True, silence_s=0.1)


@pytest.mark.parametrize(("voiced_run", "verdict"), [(1, Verdict.GO_ON), (2, Verdict.SUSPEND)])
def test_two_windows_of_voice_suspend_the_reply(voiced_run: int, verdict: Verdict) -> None:
    assert judge(replace(VOICE, voiced_run=voiced_run)) is verdict


def test_one_loud_window_that_is_clearly_voice_suspends_the_reply() -> None:
    assert judge(replace(VOICE, probability=0.7)) is Verdict.SUSPEND


def test_a_clear_voice_that_was_loud_before_the_window_suspends_nothing() -> None:
    assert judge(replace(VOICE, probability=0.7, silence_s=0.032)) is Verdict.GO_ON


def test_a_single_window_of_voice_stops_the_reply_for_one_window_only() -> None:
    assert judge(replace(TENTATIVE, voiced_run=0, probability=0.1)) is Verdict.RESUME


def test_a_second_window_of_voice_keeps_the_reply_suspended() -> None:
    assert judge(replace(TENTATIVE, voiced_run=2)) is Verdict.GO_ON


def test_each_false_suspension_asks_for_one_more_window() -> None:
    cautious = replace(VOICE, probability=0.9, n_false_suspensions=2)
    assert judge(replace(cautious, voiced_run=3)) is Verdict.GO_ON
    assert judge(replace(cautious, voiced_run=4)) is Verdict.SUSPEND


def test_caution_has_its_bound() -> None:
    assert judge(replace(VOICE, voiced_run=6, n_false_suspensions=100)) is Verdict.SUSPEND


@pytest.mark.parametrize("is_suspended", [False, True])
def test_real_words_interrupt_at_once(is_suspended: bool) -> None:
    words = replace(
        SUSPENDED, is_suspended=is_suspended, text="wait a moment", n_false_suspensions=9
    )
    assert judge(words) is Verdict.INTERRUPT


def test_a_backchannel_does_not_interrupt_however_long_it_takes() -> None:
    assert judge(replace(SUSPENDED, text="mm-hm", voice_s=2.0)) is Verdict.GO_ON


def test_a_backchannel_over_a_running_reply_suspends_it_like_any_voice() -> None:
    assert judge(replace(VOICE, text="mm-hm", voiced_run=3)) is Verdict.SUSPEND


@pytest.mark.parametrize(("voice_s", "verdict"), [(1.19, Verdict.GO_ON), (1.2, Verdict.INTERRUPT)])
def test_a_voice_that_goes_on_interrupts_without_words(voice_s: float, verdict: Verdict) -> None:
    assert judge(replace(SUSPENDED, voice_s=voice_s, is_settled=False)) is verdict


@pytest.mark.parametrize(
    ("silence_s", "is_settled", "verdict"),
    [
        (0.19, True, Verdict.GO_ON),
        (0.2, True, Verdict.RESUME),
        (0.2, False, Verdict.GO_ON),
        (0.79, False, Verdict.GO_ON),
        (0.8, False, Verdict.RESUME),
    ],
)
@pytest.mark.parametrize("text", ["", "okay"])
def test_quiet_resumes_sooner_when_recognition_has_answered(
    silence_s: float, is_settled: bool, verdict: Verdict, text: str
) -> None:
    overlap = replace(SUSPENDED, silence_s=silence_s, is_settled=is_settled, text=text)
    assert judge(overlap) is verdict


def test_nothing_happens_to_a_reply_that_nobody_talks_into() -> None:
    assert judge(QUIET) is Verdict.GO_ON
