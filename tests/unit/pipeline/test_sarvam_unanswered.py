"""Sound is kept until its own final, and silence is told from a cough's."""

import numpy as np
import pytest

from pipeline.audio import CALLER_RATE_HZ
from pipeline.providers.sarvam_unanswered import KEPT_BYTES, STALE_PATIENCE_S, Unanswered

PATIENCE_S = 2.5


def voice(seconds: float, *, seed: int = 1) -> bytes:
    """Loud sound that is like no other."""
    noise = np.random.default_rng(seed).integers(-9000, 9000, int(seconds * CALLER_RATE_HZ))
    return noise.astype("<i2").tobytes()


FIRST, SECOND = voice(1.4, seed=1), voice(1.2, seed=2)
COUGH = voice(0.4, seed=3)


def hearing(*stretches: bytes, partials: bool = False) -> Unanswered:
    """One utterance, a flush after each stretch, one every 0.3 s."""
    kept = Unanswered(PATIENCE_S)
    utterance = kept.begin(b"")
    for number, pcm in enumerate(stretches):
        kept.hear(pcm)
        if partials:
            kept.take_partial(f"words {number}", utterance, 0.3 * number)
        kept.settle(0.3 * number)
    return kept


def sounds(kept: Unanswered) -> list[bytes]:
    return [bytes(one.pcm) for one in kept.stretches if one.pcm]


def test_a_final_lets_go_of_its_own_sound_only() -> None:
    kept = hearing(FIRST, SECOND, partials=True)
    kept.take_final("one", 1, 0.5)
    assert sounds(kept) == [SECOND]
    kept.take_final("two", 1, 0.6)
    assert sounds(kept) == []


def test_an_open_stretch_outlives_every_final() -> None:
    kept = hearing(FIRST)
    kept.hear(SECOND)
    kept.take_final("one", 1, 0.5)
    kept.take_final("none was asked for", 1, 0.6)
    assert sounds(kept) == [SECOND]


def test_a_flush_without_words_is_answered_by_the_next_final() -> None:
    kept = hearing(FIRST, partials=True)
    kept.take_final("one", 1, 0.1)
    kept.hear(COUGH)
    kept.settle(0.5)
    kept.hear(SECOND)
    kept.take_partial("words 2", 1, 0.9)
    kept.settle(1.0)
    kept.take_final("two", 1, 1.1)
    assert sounds(kept) == []
    assert kept.due_at is None


def test_without_partials_a_stretch_that_may_have_been_answered_brings_no_deadline() -> None:
    kept = hearing(COUGH, SECOND)
    kept.take_final("two", None, 0.6)
    assert sounds(kept) == [SECOND]
    assert kept.due_at is None
    assert sounds_after_restart(kept, 0.7) == [SECOND]
    assert sounds_after_restart(kept, 9.0) == []


def sounds_after_restart(kept: Unanswered, at: float) -> list[bytes]:
    return [bytes(one.pcm) for one in kept.restart(at) if one.pcm]


def test_without_indices_finals_answer_in_the_order_of_the_flushes() -> None:
    kept = hearing(FIRST)
    kept.end()
    kept.begin(SECOND)
    kept.settle(0.4)
    assert kept.take_final("one", None, 0.5) == 1
    assert kept.take_final("two", None, 0.6) == 2
    assert sounds(kept) == []


def test_a_cough_long_ago_does_not_take_the_final_of_what_is_said_now() -> None:
    kept = hearing(COUGH)
    kept.end()
    kept.begin(SECOND)
    kept.settle(8.0)
    assert kept.take_final("two", None, 8.2) == 2
    assert sounds(kept) == []


def test_a_later_utterances_final_lets_go_of_the_earlier_ones() -> None:
    kept = hearing(COUGH)
    kept.end()
    kept.begin(SECOND)
    kept.settle(1.0)
    assert kept.take_final("two", 2, 1.2) == 2
    assert sounds(kept) == []


def test_what_was_not_asked_about_is_let_go_at_the_end() -> None:
    kept = hearing(FIRST)
    kept.hear(COUGH)
    kept.end()
    assert sounds(kept) == [FIRST]
    assert kept.stretches[0].is_last


def test_half_a_minute_is_kept_the_oldest_goes() -> None:
    kept = hearing(voice(20, seed=4))
    kept.hear(voice(15, seed=5))
    assert sum(len(one) for one in sounds(kept)) == KEPT_BYTES
    assert sounds(kept)[1] == voice(15, seed=5)


def test_an_answer_is_due_after_the_flush_or_the_last_sign_of_life() -> None:
    kept = hearing(FIRST)
    assert kept.due_at == PATIENCE_S
    kept.take_partial("words 3", 1, 2.0)
    assert kept.due_at == 2.0 + PATIENCE_S
    kept.take_final("one", 1, 3.0)
    assert kept.due_at is None


def test_what_goes_on_does_not_put_off_what_is_due() -> None:
    kept = hearing(FIRST, SECOND, FIRST, SECOND, partials=True)
    kept.take_final("one", 1, 1.0)
    due_at = kept.due_at
    kept.hear(FIRST)
    kept.settle(3.0)
    assert kept.due_at == due_at


def test_voice_that_is_not_answered_is_asked_about_on_three_connections() -> None:
    kept = hearing(FIRST)
    for number in (1, 2):
        kept.was_mute()
        assert sounds_after_restart(kept, 10.0 * number) == [FIRST]
        assert kept.due_at == 10.0 * number + 2 * PATIENCE_S
    kept.was_mute()
    assert sounds(kept) == []
    assert kept.due_at is None


def test_two_mute_connections_call_for_another_protocol_a_transcript_for_none() -> None:
    kept = hearing(FIRST, SECOND)
    kept.was_mute()
    assert not kept.wants_other_protocol
    kept.was_mute()
    assert kept.wants_other_protocol
    kept.take_partial("words", 1, 40.0)
    assert not kept.wants_other_protocol


def test_much_voice_in_vain_is_hopeless_the_same_again_is_not() -> None:
    kept = hearing(voice(5.0))
    for _ in range(2):
        kept.was_mute()
        assert not kept.is_hopeless
    kept.hear(voice(5.0))
    kept.settle(20.0)
    kept.was_mute()
    assert kept.is_hopeless
    kept.take_final("words", 1, 30.0)
    assert not kept.is_hopeless


def test_a_cough_is_asked_about_once_more_and_later_ones_never() -> None:
    kept = hearing(COUGH)
    kept.was_mute()
    assert sounds_after_restart(kept, 3.0) == [COUGH]
    assert kept.due_at is not None
    kept.was_mute()
    assert sounds_after_restart(kept, 6.0) == []
    assert not kept.is_hopeless
    kept.hear(COUGH)
    kept.settle(7.0)
    assert kept.due_at is None
    kept.hear(FIRST)
    kept.settle(8.0)
    assert kept.due_at is not None


def test_partials_that_stop_in_the_midst_of_voice_make_the_answer_due_soon() -> None:
    kept = hearing(FIRST, partials=True)
    kept.take_final("one", 1, 0.2)
    kept.hear(voice(0.5))
    kept.take_partial("two", 1, 1.0)
    kept.hear(voice(0.8))
    kept.settle(1.8)
    assert kept.due_at == pytest.approx(1.8 + STALE_PATIENCE_S)
    kept.take_partial("two three", 1, 2.0)
    assert kept.due_at == 2.0 + PATIENCE_S


def test_partials_that_went_on_to_the_end_leave_the_answer_its_time() -> None:
    kept = hearing(FIRST, partials=True)
    kept.take_final("one", 1, 0.2)
    kept.hear(voice(1.2))
    kept.take_partial("two", 1, 1.5)
    kept.hear(voice(0.3))
    kept.settle(1.8)
    assert kept.due_at == 1.8 + PATIENCE_S


def test_the_same_final_twice_is_a_repeat_where_new_words_would_have_had_a_partial() -> None:
    kept = hearing(FIRST, SECOND, partials=True)
    assert not kept.repeats("yes", 1, is_telling=False)
    kept.take_final("yes", 1, 0.5)
    assert kept.repeats("yes", 1, is_telling=False)
    kept.take_partial("words 5", 1, 0.6)
    assert not kept.repeats("yes", 1, is_telling=False)


def test_without_partials_it_is_one_where_no_final_is_awaited() -> None:
    kept = hearing(FIRST, SECOND)
    kept.take_final("yes", 1, 0.5)
    assert not kept.repeats("yes", 1, is_telling=False)
    assert kept.repeats("yes", 1, is_telling=True)
    kept.take_final("yes", 1, 0.6)
    assert kept.repeats("yes", 1, is_telling=False)


def test_another_connection_may_bring_the_same_words() -> None:
    kept = hearing(FIRST)
    kept.take_final("yes", 1, 0.5)
    kept.restart(1.0)
    assert not kept.repeats("yes", 1, is_telling=True)
