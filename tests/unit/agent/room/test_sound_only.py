"""A caller's picture is taken out of the room, their sound stays."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from livekit import rtc
from livekit.agents import JobContext
from livekit.api import TwirpError, UpdateParticipantRequest
from livekit.protocol.models import TrackSource

from agent.room.sound_only import SoundOnly
from tests.unit.agent.fake_room import FakeRoom

CALLER = "caller-1"


@dataclass
class Published:
    kind: rtc.TrackKind.ValueType


@dataclass
class Job:
    """Stands for `JobContext`, its job, its API and that one's rooms."""

    room: FakeRoom = field(default_factory=FakeRoom)
    asked: list[UpdateParticipantRequest] = field(default_factory=list)
    error: Exception | None = None

    @property
    def job(self) -> Any:
        @dataclass
        class Named:
            name: str = "voice-1"
            room: Any = None

        return Named(room=Named())

    @property
    def api(self) -> Any:
        job = self

        class Rooms:
            async def update_participant(self, wanted: UpdateParticipantRequest) -> None:
                if job.error:
                    raise job.error
                job.asked.append(wanted)

        class Api:
            room = Rooms()

        return Api()


def watched(job: Job) -> SoundOnly:
    job.room.join(CALLER)
    job.room.join("supervisor")
    return SoundOnly(cast(JobContext, job), CALLER)


async def publish(job: Job, kind: rtc.TrackKind.ValueType, by: str = CALLER) -> None:
    job.room.emit("track_published", Published(kind), job.room.remote_participants[by])
    await asyncio.sleep(0.1)


async def test_who_publishes_a_picture_may_publish_only_a_microphone() -> None:
    job = Job()
    watched(job)
    await publish(job, rtc.TrackKind.KIND_VIDEO)
    await publish(job, rtc.TrackKind.KIND_VIDEO)

    (wanted,) = job.asked
    assert (wanted.room, wanted.identity) == ("voice-1", CALLER)
    assert list(wanted.permission.can_publish_sources) == [TrackSource.MICROPHONE]
    assert wanted.permission.can_subscribe
    assert wanted.permission.can_publish_data


async def test_sound_and_other_people_s_pictures_change_nothing() -> None:
    job = Job()
    watched(job)
    await publish(job, rtc.TrackKind.KIND_AUDIO)
    await publish(job, rtc.TrackKind.KIND_VIDEO, by="supervisor")

    assert job.asked == []


async def test_a_server_that_refuses_costs_nothing_else() -> None:
    job = Job(error=TwirpError("unavailable", "away", status=503))
    watched(job)
    await publish(job, rtc.TrackKind.KIND_VIDEO)

    assert job.asked == []
