"""Recognition against a service that fails in every way: nothing that was said is lost."""

import asyncio
from collections.abc import Iterator

import pytest

from core.errors import ProviderBusy, ProviderClosed, ProviderRefused, ProviderTimeout
from pipeline.ports import Final, Partial
from pipeline.providers.sarvam_errors import from_close
from pipeline.providers.sarvam_recogniser import RETRY_WAITS_S
from pipeline.providers.sarvam_socket import Frame
from tests.unit.pipeline.fake_wire import FakeWire
from tests.unit.pipeline.recognised_call import (
    ALIVE_S,
    bring_final,
    bring_partial,
    called,
    marks,
    sound,
    voice,
)

pytestmark = pytest.mark.usefixtures("no_loose_ends")


async def test_an_utterance_is_heard_from_pre_roll_to_final() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        call.recogniser.begin(voice(0.32))
        await call.say(1.0, at=0.32)
        bring_partial(call.realtime.wire, "good")
        call.recogniser.settle()
        await asyncio.sleep(0.1)
        bring_final(call.realtime.wire, "good morning")
        await asyncio.sleep(0.1)
        call.recogniser.end()
        await asyncio.sleep(0.1)
    assert sound(call.realtime.wire) == voice(1.32)
    assert marks(call.realtime.wire) == ["speech_start", "flush", "speech_end"]
    assert call.results == [Partial("good", 1), Final("good morning", None, 1)]
    assert call.realtime.wire.is_closed


async def test_what_is_said_before_the_connection_is_there_is_sent_once_it_is() -> None:
    async with called() as call:
        call.realtime.opening = lambda: asyncio.sleep(3.0)
        call.recogniser.begin(voice(0.32))
        await call.say(1.0, at=0.32)
        call.recogniser.settle()
        call.recogniser.end()
        call.recogniser.begin(voice(0.5, at=2.0))
        await asyncio.sleep(4.0)
        assert sound(call.realtime.wire) == voice(1.32) + voice(0.5, at=2.0)
        assert marks(call.realtime.wire) == ["speech_start", "flush", "speech_end", "speech_start"]
        bring_final(call.realtime.wire, "one", 0)
        bring_partial(call.realtime.wire, "two", 1)
        await asyncio.sleep(0.1)
    assert call.results == [Final("one", None, 1), Partial("two", 2)]


async def test_a_connection_lost_in_mid_word_is_made_anew_at_once_with_all_of_the_sound() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        call.recogniser.begin(voice(0.32))
        await call.say(1.6, at=0.32)
        call.realtime.wire.end()
        await call.say(0.32, at=1.92)
        call.recogniser.settle()
        assert len(call.realtime.wires) == 2
        await asyncio.sleep(0.1)
        assert sound(call.realtime.wire) == voice(2.24)
        assert marks(call.realtime.wire) == ["speech_start", "flush"]
        assert max(len(one) for one in call.realtime.wire.sent) <= 32_000
        bring_final(call.realtime.wire, "all of it")
        await asyncio.sleep(0.1)
    assert call.finals == [("all of it", 1)]


async def test_after_a_reconnect_the_first_final_keeps_the_second_parts_sound() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        call.recogniser.begin(voice(1.3))
        call.recogniser.settle()
        await call.say(1.2, at=2.0)
        call.realtime.wire.end()
        await asyncio.sleep(0.2)
        bring_partial(call.realtime.wire, "part one")
        bring_final(call.realtime.wire, "part one")
        await asyncio.sleep(0.1)
        call.realtime.wire.end()
        await asyncio.sleep(0.2)
        assert voice(1.2, at=2.0).startswith(sound(call.realtime.wire))
        assert len(sound(call.realtime.wire)) > 0
        assert marks(call.realtime.wire) == ["speech_start"]
        call.recogniser.settle()
        bring_final(call.realtime.wire, "part two")
        await asyncio.sleep(0.1)
    assert call.finals == [("part one", 1), ("part two", 1)]


async def test_a_mute_connection_is_replaced_and_what_it_was_told_is_answered() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        call.recogniser.begin(voice(0.32))
        await call.say(1.6, at=0.32)
        call.recogniser.settle()
        await asyncio.sleep(2.7)
        assert len(call.realtime.wires) == 2
        assert sound(call.realtime.wire) == voice(1.92)
        bring_final(call.realtime.wire, "are you open")
        await asyncio.sleep(10)
    assert call.finals == [("are you open", 1)]
    assert len(call.realtime.wires) == 2
    assert call.error is None


async def test_a_slow_recogniser_that_tells_partials_is_alive() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        call.recogniser.begin(voice(1.6))
        call.recogniser.settle()
        for word in ("are", "are you", "are you open"):
            await asyncio.sleep(2.0)
            bring_partial(call.realtime.wire, word)
        await asyncio.sleep(2.0)
        bring_final(call.realtime.wire, "are you open")
        await asyncio.sleep(10)
    assert call.finals == [("are you open", 1)]
    assert len(call.realtime.wires) == 1


async def test_one_that_never_answers_coughs_is_doubted_once() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        for _ in range(20):
            call.recogniser.begin(voice(0.7))
            call.recogniser.settle()
            await asyncio.sleep(4.0)
            call.recogniser.end()
            await asyncio.sleep(4.0)
    assert len(call.realtime.wires) <= 3
    assert call.error is None


async def test_a_service_that_stays_mute_is_left_for_the_legacy_one_then_given_up() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        for _ in range(12):
            call.recogniser.begin(voice(2.0))
            call.recogniser.settle()
            await asyncio.sleep(4.0)
            call.recogniser.end()
            await asyncio.sleep(1.0)
    assert isinstance(call.error, ProviderTimeout)
    assert len(call.realtime.wires) == 2
    assert 1 <= len(call.legacy.wires) <= 8


async def test_words_after_which_a_service_falls_mute_are_asked_for_before_their_turn_ends() -> (
    None
):
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        call.recogniser.begin(voice(0.8))
        bring_partial(call.realtime.wire, "what are")
        await call.say(1.0, at=0.8)
        call.recogniser.settle()
        await asyncio.sleep(0.8)
        assert len(call.realtime.wires) == 2
        assert sound(call.realtime.wire) == voice(1.8)


async def test_a_connect_that_takes_as_long_as_it_may_is_given_up_after_the_bound() -> None:
    async def never() -> None:
        await asyncio.sleep(5.0)
        raise ProviderTimeout("sarvam-stt", "handshake")

    async with called() as call:
        call.realtime.opening = never
        await asyncio.sleep(120)
    assert isinstance(call.error, ProviderTimeout)
    assert call.realtime.n_asked == 6


async def test_a_connection_that_was_good_starts_the_count_over() -> None:
    async with called() as call:
        for _ in range(20):
            await asyncio.sleep(6.0)
            call.realtime.wire.end()
    assert call.error is None
    assert len(call.realtime.wires) == 20


async def test_connections_that_end_at_once_are_given_up_after_the_bound() -> None:
    def end_at_once(wire: FakeWire) -> None:
        wire.bring(event="session.begin")
        wire.end()

    async with called() as call:
        call.realtime.greet = end_at_once
        await asyncio.sleep(60)
    assert isinstance(call.error, ProviderClosed)
    assert len(call.realtime.wires) == 6


@pytest.mark.parametrize("code", [1003, 4000])
async def test_a_realtime_service_that_refuses_is_left_for_the_legacy_one(code: int) -> None:
    def refuse(wire: FakeWire) -> None:
        wire.end(from_close("sarvam-stt", code, is_accepted=False))

    async with called() as call:
        call.realtime.greet = refuse
        call.recogniser.begin(voice(1.0))
        call.recogniser.settle()
        await asyncio.sleep(1.0)
        call.legacy.wire.bring(type="data", data={"transcript": "hello", "language_code": "hi-IN"})
        await asyncio.sleep(0.1)
    assert call.results == [Final("hello", "hi-IN", 1)]
    assert len(call.realtime.wires) == 1


async def test_a_quota_that_is_reached_later_is_waited_for() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        assert call.realtime.wire.is_accepted
        call.realtime.wire.end(from_close("sarvam-stt", 1003))
        await asyncio.sleep(1.0)
    assert len(call.realtime.wires) == 2
    assert call.legacy.wires == []


async def test_an_error_of_a_service_that_has_served_costs_a_connection_and_no_call() -> None:
    async with called(only_legacy=True) as call:
        await asyncio.sleep(ALIVE_S)
        call.recogniser.begin(voice(1.6))
        call.recogniser.settle()
        call.legacy.wire.bring(type="data", data={"transcript": "one"}, error=None)
        await asyncio.sleep(0.1)
        call.legacy.wire.bring(type="error", data={"error": "oops", "code": "model_call_error"})
        await asyncio.sleep(1.0)
        call.recogniser.settle()
        call.legacy.wire.bring(type="data", data={"transcript": "two"})
        await asyncio.sleep(0.1)
    assert [text for text, _ in call.finals] == ["one", "two"]
    assert (call.error, len(call.legacy.wires)) == (None, 2)


async def test_an_error_of_a_service_that_never_served_is_the_end() -> None:
    async with called(only_legacy=True) as call:
        call.legacy.greet = lambda wire: wire.bring(type="error", data={"code": "oops"})
        await asyncio.sleep(1.0)
    assert isinstance(call.error, ProviderRefused)
    assert len(call.legacy.wires) == 1


async def test_a_service_that_accepts_and_never_begins_is_given_up() -> None:
    def freeze(wire: FakeWire) -> None:
        wire.is_frozen = True

    async with called() as call:
        call.realtime.greet = freeze
        await asyncio.sleep(2 + 6 * 5.0 + sum(RETRY_WAITS_S))
        assert isinstance(call.error, ProviderTimeout)
    assert len(call.realtime.wires) == 6


async def test_both_services_refusing_is_the_end() -> None:
    async def refuse() -> None:
        raise ProviderRefused("sarvam-stt", "HTTP 403")

    async with called() as call:
        call.realtime.opening = call.legacy.opening = refuse
        await asyncio.sleep(1.0)
    assert isinstance(call.error, ProviderRefused)
    assert (call.realtime.n_asked, call.legacy.n_asked) == (1, 1)


async def test_a_busy_service_is_asked_again_up_to_the_bound() -> None:
    async def busy() -> None:
        raise ProviderBusy("sarvam-stt", "HTTP 429")

    async with called() as call:
        call.realtime.opening = busy
        await asyncio.sleep(30)
    assert isinstance(call.error, ProviderBusy)
    assert call.realtime.n_asked == 6


async def test_the_same_final_twice_is_told_once() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        call.recogniser.begin(voice(1.6))
        bring_partial(call.realtime.wire, "are you open")
        call.recogniser.settle()
        for _ in range(2):
            bring_final(call.realtime.wire, "are you open")
        await asyncio.sleep(0.1)
    assert call.finals == [("are you open", 1)]


async def test_the_same_legacy_final_twice_is_told_once() -> None:
    async with called(only_legacy=True) as call:
        await asyncio.sleep(ALIVE_S)
        call.recogniser.begin(voice(1.6))
        call.recogniser.settle()
        await call.say(1.2)
        call.recogniser.settle()
        for _ in range(2):
            call.legacy.wire.bring(type="data", data={"transcript": "yes", "metrics": {"a": 1}})
        call.legacy.wire.bring(type="data", data={"transcript": "yes", "metrics": {"a": 2}})
        await asyncio.sleep(0.1)
    assert call.finals == [("yes", 1), ("yes", 1)]


async def test_long_sound_is_sent_anew_in_messages_that_the_legacy_service_takes() -> None:
    async with called(only_legacy=True) as call:
        await asyncio.sleep(ALIVE_S)
        call.recogniser.begin(b"")
        for _ in range(3):
            call.recogniser.hear(voice(10.0))
        call.legacy.wire.end()
        await asyncio.sleep(0.2)
        sizes = [len(one) for one in call.legacy.wire.sent]
    assert sum(sizes) > 30 * 32_000
    assert max(sizes) < 64_000


async def test_a_session_of_another_protocol_or_a_broken_message_disturbs_nothing() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        wire = call.realtime.wire
        call.recogniser.begin(voice(1.6))
        call.recogniser.settle()
        for odd in _odd_messages():
            wire._incoming.put_nowait(odd)
        bring_partial(wire, "half \ud83d")
        bring_final(wire, "still here", 7)
        await asyncio.sleep(0.1)
    assert call.finals[-1][0] == "still here"
    assert all(one.text.encode() is not None for one in call.results)
    assert len(call.realtime.wires) == 1


def _odd_messages() -> Iterator[Frame]:
    yield from ("", "[]", "null", "{}", "\ud800", b"\x00\xff", '{"event": 3}', "[" * 100_000)
    yield '{"event": "transcript.final", "text": 5, "utterance_idx": "x", "language": []}'
    yield '{"event": "error", "is_fatal": false, "code": {}, "message": null}'


async def test_a_fault_of_our_own_ends_recognition_instead_of_leaving_it_deaf(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        monkeypatch.setattr(call.recogniser, "_partial", None)
        bring_partial(call.realtime.wire, "words")
        await asyncio.sleep(0.1)
        assert isinstance(call.error, ProviderClosed)


async def test_leaving_while_a_lost_connection_is_closed_leaves_nothing_open() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        call.realtime.wire.end()
        await asyncio.sleep(0)
    assert all(wire.is_closed for wire in call.realtime.wires)
