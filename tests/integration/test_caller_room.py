"""The scripted caller in a real room, opposite a participant that this file moves by hand."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Literal
from uuid import uuid4

import pytest
from livekit import api, rtc

from benchmarks.clips import clips_of, read
from benchmarks.echo import Echo
from cli.caller.caller import CHAT_TOPIC, STATE_ATTRIBUTE, Caller
from cli.caller.errors import CallEnded, CallerError, CallTimeout
from cli.caller.turn import TURN_TOPIC
from tests.eventually import eventually
from tests.servers import LiveKitServer

DEADLINE_S = 60.0


class Room:
    """Tokens for one room of the run's server."""

    def __init__(self, server: LiveKitServer) -> None:
        self.url = server.url
        self._server = server
        self.name = f"room-{uuid4().hex}"

    def token(self, identity: str) -> str:
        """Only a participant of kind `agent` may publish transcriptions."""
        grants = api.VideoGrants(room_join=True, room=self.name, can_update_own_metadata=True)
        token = api.AccessToken(self._server.key, self._server.secret)
        kind: Literal["agent", "standard"] = "agent" if identity == "agent" else "standard"
        return token.with_identity(identity).with_kind(kind).with_grants(grants).to_jwt()

    async def remove(self, identity: str) -> None:
        url = self.url.replace("ws", "http", 1)
        async with api.LiveKitAPI(url, self._server.key, self._server.secret) as livekit:
            request = api.RoomParticipantIdentity(room=self.name, identity=identity)
            await livekit.room.remove_participant(request)


@pytest.fixture
def room(livekit_server: LiveKitServer) -> Room:
    return Room(livekit_server)


@pytest.fixture
async def agent(room: Room) -> AsyncIterator[rtc.Room]:
    joined = rtc.Room()
    await joined.connect(room.url, room.token("agent"))
    yield joined
    await joined.disconnect()


async def caller_track_sid(agent: rtc.Room) -> str:
    async def is_published() -> bool:
        caller = agent.remote_participants.get("caller")
        return caller is not None and bool(caller.track_publications)

    await eventually(is_published, deadline_s=DEADLINE_S)
    return next(iter(agent.remote_participants["caller"].track_publications))


async def test_a_clip_is_heard_back_after_it_was_sent(room: Room) -> None:
    marker = read(clips_of("marker")[0])
    echo = Echo()
    await echo.join(room.url, room.token("echo"))
    try:
        async with Caller(room.url, room.token("caller")) as caller:
            sound = caller.agent_sound
            await caller.wait_for(
                lambda: sound.frames > 50, what="the echo's track", timeout_s=DEADLINE_S
            )
            span = await caller.play(marker)
            onset = await caller.wait_for(
                lambda: sound.onset_after(span.first_speech_at),
                what="the echo",
                timeout_s=DEADLINE_S,
            )
    finally:
        await echo.leave()
    assert span.first_speech_at < onset
    spoken_s = (marker.last_speech - marker.first_speech) / marker.rate_hz
    assert span.last_speech_at - span.first_speech_at >= spoken_s - 0.02


async def test_state_turns_and_transcripts_of_the_room_are_noted(
    room: Room, agent: rtc.Room
) -> None:
    turn = {"turn_index": 1, "user_transcript": "hi", "agent_response": "Hello.", "stt_ms": 140}
    sound = rtc.AudioSource(16_000, 1)
    voice = rtc.LocalAudioTrack.create_audio_track("voice", sound)
    published = await agent.local_participant.publish_track(voice)
    async with Caller(room.url, room.token("caller")) as caller:
        await agent.local_participant.set_attributes({STATE_ATTRIBUTE: "speaking"})
        microphone_sid = await caller_track_sid(agent)
        for who, sid in (("caller", microphone_sid), ("agent", published.sid)):
            segment = rtc.TranscriptionSegment("1", f"said by {who}", 0, 0, "en", True)
            await agent.local_participant.publish_transcription(
                rtc.Transcription(participant_identity=who, track_sid=sid, segments=[segment])
            )
        await agent.local_participant.publish_data(json.dumps(turn), topic=TURN_TOPIC)
        await agent.local_participant.publish_data("{}", topic="somebody.elses")
        heard = await caller.wait_for(
            lambda: caller.turns.get(1), what="the turn", timeout_s=DEADLINE_S
        )
        await caller.wait_for(
            lambda: caller.agent_state and len(caller.segments) == 2,
            what="state and transcripts",
            timeout_s=DEADLINE_S,
        )
    assert (heard.agent_response, heard.stt_ms) == ("Hello.", 140)
    assert caller.agent_state == "speaking"
    assert [(s.who, s.text) for s in caller.segments] == [
        ("caller", "said by caller"),
        ("agent", "said by agent"),
    ]


async def test_a_packet_that_is_no_turn_breaks_the_call(room: Room, agent: rtc.Room) -> None:
    async with Caller(room.url, room.token("caller")) as caller:
        await agent.local_participant.publish_data("{}", topic=TURN_TOPIC)
        with pytest.raises(CallerError, match="not a turn's"):
            await caller.wait_for(lambda: None, what="anything", timeout_s=DEADLINE_S)


async def test_typed_text_arrives_as_a_chat_message(room: Room, agent: rtc.Room) -> None:
    readers: asyncio.Queue[rtc.TextStreamReader] = asyncio.Queue()
    agent.register_text_stream_handler(CHAT_TOPIC, lambda reader, _: readers.put_nowait(reader))
    async with Caller(room.url, room.token("caller")) as caller:
        await caller.say_text("what are your opening hours")
        async with asyncio.timeout(DEADLINE_S):
            assert await (await readers.get()).read_all() == "what are your opening hours"


async def test_being_removed_ends_every_wait_with_the_reason(room: Room) -> None:
    async with Caller(room.url, room.token("caller")) as caller:
        await room.remove("caller")
        with pytest.raises(CallEnded, match="PARTICIPANT_REMOVED"):
            await caller.wait_for(lambda: None, what="anything", timeout_s=DEADLINE_S)
    await caller.leave()


async def test_what_was_waited_for_in_vain_is_named(room: Room) -> None:
    async with Caller(room.url, room.token("caller")) as caller:
        with pytest.raises(CallTimeout, match="a miracle"):
            await caller.wait_for(lambda: None, what="a miracle", timeout_s=0.1)


async def test_a_refused_token_is_an_error_and_leaves_nothing_behind(room: Room) -> None:
    before = asyncio.all_tasks()
    with pytest.raises(CallerError):
        async with Caller(room.url, "not a token"):
            pass
    assert asyncio.all_tasks() == before
