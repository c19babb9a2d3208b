"""Recognition against a service that fails in every way: nothing that was said is lost."""

import asyncio
from collections.abc import Iterator

import pytest

from core.errors import ProviderBusy, ProviderClosed, ProviderRefused, ProviderTimeout
from pipeline.ports import Final, Partial
from pipeline.providers.sarvam_errors import from_close
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
    assert call.results == [Partial("good"), Final("good morning")]
    assert call.realtime.wire.is_closed


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
    assert call.finals == [("all of it", None)]


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
    assert call.results == [Final("hello", "hi-IN")]
    assert len(call.realtime.wires) == 1


async def test_a_quota_that_is_reached_later_is_waited_for() -> None:
    async with called() as call:
        await asyncio.sleep(ALIVE_S)
        assert call.realtime.wire.is_accepted
        call.realtime.wire.end(from_close("sarvam-stt", 1003))
        await asyncio.sleep(1.0)
    assert len(call.realtime.wires) == 2
    assert call.legacy.wires == []


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
        bring_final(wire, "still here", 7)
        await asyncio.sleep(0.1)
    assert call.finals[-1][0] == "still here"
    assert len(call.realtime.wires) == 1


def _odd_messages() -> Iterator[Frame]:
    yield from ("", "[]", "null", "{}", "\ud800", b"\x00\xff", '{"event": 3}')
    yield '{"event": "transcript.final", "text": 5, "utterance_idx": "x", "language": []}'
    yield '{"event": "error", "is_fatal": false, "code": {}, "message": null}'
