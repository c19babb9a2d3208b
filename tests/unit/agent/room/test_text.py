"""What the room is told in text, whatever becomes of the room."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

import pytest
from livekit import rtc
from livekit.rtc.event_emitter import EventEmitter

from agent.room.text import (
    AGENT_STATE_ATTRIBUTE,
    FAREWELL_S,
    MANY_SENDINGS,
    MAX_SENDINGS,
    SEND_TIMEOUT_S,
    STATE_TIMEOUT_S,
    RoomText,
)
from core.supervision import STOP_S
from pipeline.events import (
    AgentState,
    AgentTranscribed,
    CallerTranscribed,
    StateChanged,
    TurnEnded,
)
from pipeline.timeline import Latencies, Moments
from tests.virtual_time import stubborn

CALLER = "caller-1"
AGENT = "agent-1"


@dataclass
class Publication:
    sid: str


class Writer:
    """A text stream: what was written counts once it is closed."""

    def __init__(self, closed: Callable[[str], None]) -> None:
        self._text = ""
        self._closed = closed

    async def write(self, text: str) -> None:
        self._text += text

    async def aclose(self) -> None:
        self._closed(self._text)


class Listeners(EventEmitter[str]):
    """A room and its local participant: what everybody got. `stumbles` are awaited by the next
    sendings, one each, before anything is sent."""

    identity = AGENT

    def __init__(self) -> None:
        super().__init__()
        self.is_connected = True
        self.segments: list[tuple[str, str, str, bool]] = []
        self.streamed: list[tuple[str, str]] = []
        self.turns: list[dict[str, Any]] = []
        self.states: list[str] = []
        self.stumbles: list[Callable[[], Awaitable[None]]] = []
        self.state_stumbles: list[Callable[[], Awaitable[None]]] = []

    @property
    def local_participant(self) -> "Listeners":
        return self

    def isconnected(self) -> bool:
        return self.is_connected

    async def publish_transcription(self, transcription: rtc.Transcription) -> None:
        await self._stumble(self.stumbles)
        who, track = transcription.participant_identity, transcription.track_sid
        assert track.startswith("TR_"), "clients on LiveKit's Rust core abort on any other id"
        for segment in transcription.segments:
            self.segments.append((who, track, segment.text, segment.final))

    async def stream_text(
        self, *, topic: str, sender_identity: str, attributes: dict[str, str]
    ) -> Writer:
        assert topic == "lk.transcription"
        track = attributes.get("lk.transcribed_track_id", "no track")
        assert all(attributes.values())
        return Writer(lambda text: self.streamed.append((f"{sender_identity}/{track}", text)))

    async def publish_data(self, payload: str, *, reliable: bool, topic: str) -> None:
        await self._stumble(self.stumbles)
        assert (reliable, topic) == (True, "vaarta.turn")
        self.turns.append(json.loads(payload))

    async def set_attributes(self, attributes: dict[str, str]) -> None:
        await self._stumble(self.state_stumbles)
        self.states.append(attributes[AGENT_STATE_ATTRIBUTE])

    async def _stumble(self, stumbles: list[Callable[[], Awaitable[None]]]) -> None:
        await asyncio.sleep(0.01)
        if stumbles:
            await stumbles.pop(0)()

    @property
    def texts(self) -> list[str]:
        return [text for _, _, text, _ in self.segments]


def opened(listeners: Listeners) -> AbstractAsyncContextManager[RoomText]:
    room = cast(rtc.Room, listeners)
    return RoomText.opened(room, caller=CALLER, language="hi-IN", llm_model="kimi-k2.5")


@pytest.fixture
def listeners() -> Listeners:
    return Listeners()


@pytest.fixture
async def text(listeners: Listeners) -> AsyncIterator[RoomText]:
    async with opened(listeners) as made:
        yield made


def said(words: str, *, is_final: bool = True) -> CallerTranscribed:
    return CallerTranscribed(str(UUID(int=3)), words, is_final)


def answered(words: str) -> AgentTranscribed:
    return AgentTranscribed(str(UUID(int=4)), words, True)


def track(sid: str) -> rtc.LocalTrackPublication:
    return cast(rtc.LocalTrackPublication, Publication(sid))


def turn() -> TurnEnded:
    latencies = Latencies(None, None, 200, None, None, None)
    moments = Moments(None, None, None)
    name = str(UUID(int=5))
    return TurnEnded(name, 0, "चाय?", "Yes.", False, latencies, moments, "hi-IN", 0, 900, 1, 1)


async def raises() -> None:
    raise RuntimeError("engine is closed")


async def hangs() -> None:
    await asyncio.Event().wait()


async def test_words_belong_to_whoever_said_them_and_their_track(
    text: RoomText, listeners: Listeners
) -> None:
    text.set_agent_track(track("TR_agent"))
    text.set_caller_track("TR_caller")
    text.show(said("Tea?"))
    text.show(answered("Yes."))
    await asyncio.sleep(1.0)

    assert listeners.segments == [
        (CALLER, "TR_caller", "Tea?", True),
        (AGENT, "TR_agent", "Yes.", True),
    ]
    assert listeners.streamed == [(f"{CALLER}/TR_caller", "Tea?"), (f"{AGENT}/TR_agent", "Yes.")]


@pytest.mark.parametrize("sid", ["", "made-up"])
async def test_words_of_a_caller_without_a_track_belong_to_none_that_a_client_can_find(
    text: RoomText, listeners: Listeners, sid: str
) -> None:
    text.set_caller_track(sid)
    text.show(said("Typed."))
    text.show(answered("Yes."))
    await asyncio.sleep(1.0)

    assert listeners.segments == [
        (CALLER, "TR_none", "Typed.", True),
        (AGENT, "TR_none", "Yes.", True),
    ]
    assert listeners.streamed == [(f"{CALLER}/no track", "Typed."), (f"{AGENT}/no track", "Yes.")]


async def test_a_track_that_was_published_anew_is_told_by_its_new_id(
    text: RoomText, listeners: Listeners
) -> None:
    publication = Publication("TR_first")
    text.set_agent_track(cast(rtc.LocalTrackPublication, publication))
    text.show(answered("One."))
    await asyncio.sleep(1.0)
    publication.sid = "TR_second"
    text.show(answered("Two."))
    await asyncio.sleep(1.0)

    assert [sid for _, sid, _, _ in listeners.segments] == ["TR_first", "TR_second"]


async def test_a_turn_is_told_as_the_api_shows_it(text: RoomText, listeners: Listeners) -> None:
    text.show(turn())
    await asyncio.sleep(1.0)

    (told,) = listeners.turns
    assert (told["user_transcript"], told["agent_response"]) == ("चाय?", "Yes.")
    assert (told["first_token_ms"], told["stt_ms"], told["ended_at_ms"]) == (200, None, 900)
    assert (told["language"], told["llm_model"]) == ("hi-IN", "kimi-k2.5")
    assert "acknowledged_ms" not in told


async def test_a_turn_tells_of_the_acknowledgement_that_was_heard(
    text: RoomText, listeners: Listeners
) -> None:
    text.show(replace(turn(), acknowledged_ms=600))
    await asyncio.sleep(1.0)

    (told,) = listeners.turns
    assert told["acknowledged_ms"] == 600


async def test_whatever_a_sending_raises_costs_it_alone(
    text: RoomText, listeners: Listeners
) -> None:
    listeners.stumbles = [raises]
    for words in ("One.", "Two.", "Three."):
        text.show(said(words))
    await asyncio.sleep(1.0)

    assert listeners.texts == ["Two.", "Three."]


async def test_a_sending_that_hangs_holds_up_the_others_for_so_long_only(
    text: RoomText, listeners: Listeners
) -> None:
    listeners.stumbles = [hangs]
    text.show(said("One."))
    text.show(said("Two."))
    await asyncio.sleep(SEND_TIMEOUT_S - 0.1)
    assert listeners.texts == []
    await asyncio.sleep(0.2)

    assert listeners.texts == ["Two."]


async def test_a_state_waits_for_no_text_and_hardly_for_another_state(
    text: RoomText, listeners: Listeners
) -> None:
    listeners.stumbles = [hangs]
    listeners.state_stumbles = [hangs]
    text.show(said("One."))
    text.show(StateChanged(AgentState.THINKING))
    text.show(StateChanged(AgentState.SPEAKING))
    await asyncio.sleep(STATE_TIMEOUT_S + 0.1)

    assert listeners.states == ["speaking"]


async def test_where_the_room_is_slow_partial_words_are_left_out_first(
    text: RoomText, listeners: Listeners
) -> None:
    for n in range(MANY_SENDINGS):
        text.show(said(f"partial {n}", is_final=False))
    text.show(said("late", is_final=False))
    text.show(said("final"))
    text.show(turn())
    await asyncio.sleep(60.0)

    assert listeners.texts == [*(f"partial {n}" for n in range(MANY_SENDINGS)), "final"]
    assert len(listeners.turns) == 1


async def test_words_beyond_all_bounds_are_lost_and_nothing_else(
    text: RoomText, listeners: Listeners
) -> None:
    for n in range(MAX_SENDINGS + 5):
        text.show(said(f"{n}"))
    text.show(StateChanged(AgentState.LISTENING))
    await asyncio.sleep(60.0)
    text.show(said("again"))
    await asyncio.sleep(1.0)

    assert listeners.texts == [*(f"{n}" for n in range(MAX_SENDINGS)), "again"]
    assert listeners.states == ["listening"]


async def test_a_room_that_is_lost_is_told_nothing(text: RoomText, listeners: Listeners) -> None:
    listeners.is_connected = False
    text.show(said("One."))
    await asyncio.sleep(1.0)
    listeners.is_connected = True
    text.show(said("Two."))
    await asyncio.sleep(1.0)

    assert listeners.texts == ["Two."]


async def test_what_cannot_be_sent_while_signalling_is_cut_is_told_in_order_afterwards(
    text: RoomText, listeners: Listeners
) -> None:
    listeners.emit("reconnecting")
    for words in ("One.", "Two."):
        text.show(said(words))
    for state in (AgentState.THINKING, AgentState.SPEAKING):
        text.show(StateChanged(state))
    await asyncio.sleep(10.0)
    assert (listeners.texts, listeners.states) == ([], [])
    listeners.emit("reconnected")
    await asyncio.sleep(1.0)

    assert listeners.texts == ["One.", "Two."]
    assert listeners.states == ["thinking", "speaking"]


async def test_what_waited_for_a_room_that_is_lost_waits_no_more(
    text: RoomText, listeners: Listeners
) -> None:
    listeners.emit("reconnecting")
    text.show(said("One."))
    listeners.is_connected = False
    listeners.emit("disconnected", rtc.DisconnectReason.ROOM_DELETED)
    await asyncio.sleep(1.0)
    listeners.is_connected = True
    text.show(said("Two."))
    await asyncio.sleep(1.0)

    assert listeners.texts == ["Two."]


async def test_what_is_queued_is_sent_before_leaving(listeners: Listeners) -> None:
    async with opened(listeners) as text:
        for n in range(10):
            text.show(said(f"{n}"))
        text.show(StateChanged(AgentState.LISTENING))

    assert len(listeners.texts) == 10
    assert listeners.states == ["listening"]


@pytest.mark.parametrize("n_queued", [1, MAX_SENDINGS])
async def test_leaving_takes_no_longer_than_it_may(listeners: Listeners, n_queued: int) -> None:
    listeners.stumbles = [hangs]
    loop = asyncio.get_running_loop()
    async with opened(listeners) as text:
        for n in range(n_queued):
            text.show(said(f"{n}"))
        leaving_at = loop.time()

    assert loop.time() - leaving_at == pytest.approx(FAREWELL_S)


async def test_a_sending_that_cannot_be_called_off_is_named_and_left(
    listeners: Listeners, caplog: pytest.LogCaptureFixture
) -> None:
    listeners.stumbles = [lambda: stubborn(60)]
    loop = asyncio.get_running_loop()
    async with opened(listeners) as text:
        text.show(said("Hello."))
        leaving_at = loop.time()

    assert loop.time() - leaving_at == pytest.approx(FAREWELL_S + STOP_S)
    assert [vars(one)["task"] for one in caplog.records] == ["room-text"]
    await asyncio.sleep(60)
