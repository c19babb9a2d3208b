"""What becomes of the reply while the caller makes a sound: hold first, decide later."""

from dataclasses import replace

import pytest

from pipeline.interruption import Overlap, Verdict, judge

QUIET = Overlap(is_held=False, voiced_run=0, voice_s=0.0, silence_s=1.0, text="", is_settled=True)
HELD = replace(QUIET, is_held=True, silence_s=0.1)


@pytest.mark.parametrize(("voiced_run", "verdict"), [(1, Verdict.GO_ON), (2, Verdict.HOLD)])
def test_two_windows_of_voice_hold_the_reply(voiced_run: int, verdict: Verdict) -> None:
    assert judge(replace(QUIET, voiced_run=voiced_run, silence_s=0.0)) is verdict


@pytest.mark.parametrize("is_held", [False, True])
def test_real_words_interrupt_at_once(is_held: bool) -> None:
    assert judge(replace(QUIET, is_held=is_held, text="wait a moment")) is Verdict.INTERRUPT


def test_a_backchannel_does_not_interrupt_however_long_it_takes() -> None:
    assert judge(replace(HELD, text="mm-hm", voice_s=2.0)) is Verdict.GO_ON


def test_a_backchannel_over_a_running_reply_holds_it_like_any_voice() -> None:
    assert judge(replace(QUIET, text="mm-hm", voiced_run=3)) is Verdict.HOLD


@pytest.mark.parametrize(("voice_s", "verdict"), [(0.59, Verdict.GO_ON), (0.6, Verdict.INTERRUPT)])
def test_a_voice_that_goes_on_interrupts_without_words(voice_s: float, verdict: Verdict) -> None:
    assert judge(replace(HELD, voice_s=voice_s, is_settled=False)) is verdict


@pytest.mark.parametrize(
    ("silence_s", "is_settled", "verdict"),
    [
        (0.29, True, Verdict.GO_ON),
        (0.3, True, Verdict.RESUME),
        (0.3, False, Verdict.GO_ON),
        (1.19, False, Verdict.GO_ON),
        (1.2, False, Verdict.RESUME),
    ],
)
@pytest.mark.parametrize("text", ["", "okay"])
def test_quiet_resumes_sooner_when_recognition_has_answered(
    silence_s: float, is_settled: bool, verdict: Verdict, text: str
) -> None:
    overlap = replace(HELD, silence_s=silence_s, is_settled=is_settled, text=text)
    assert judge(overlap) is verdict


def test_nothing_happens_to_a_reply_that_nobody_talks_into() -> None:
    assert judge(QUIET) is Verdict.GO_ON
