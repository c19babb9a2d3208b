"""A caller in one session of a faulty run: speaks, types, hears, and knows what it said."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.chaos.heard import PAUSE_S, heard_again
from benchmarks.clips import ClipRecord, read
from cli.caller.caller import Caller, CallOptions
from cli.caller.clip import Clip
from cli.caller.errors import CallTimeout
from cli.caller.recording import Recording
from cli.caller.session_api import Session, SessionApi

ANSWER_S: Final = 20.0
AGAIN_S: Final = 45.0
_GREETING_S: Final = 30.0
_LONGEST_ANSWER_S: Final = 40.0
_CALM_S: Final = 1.0
"""An answer is over after so much silence: more than between its sentences."""
_KEPT_S: Final = 300.0
_ANYBODY: Final = "Are you there?"


@dataclass
class Guest:
    """`said`: each question's words, in order, spoken or typed; `tried`: those that nobody may have
    heard. `callers`: one for each time that they joined; the last is the one that counts."""

    callers: list[Caller]
    session: Session
    api: SessionApi
    clip: Clip
    record: ClipRecord
    kept_s: float
    said: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    @property
    def caller(self) -> Caller:
        return self.callers[-1]

    @property
    def tracks(self) -> list[Recording]:
        """The sound of each agent's track that was ever heard."""
        return [track for caller in self.callers for track in caller.agent_tracks.values()]

    async def join(self) -> None:
        """Join, once more where they have been there. Raises CallerError."""
        self.callers.append(
            Caller(self.session.ws_url, self.session.token, CallOptions(kept_s=self.kept_s))
        )
        await self.caller.connect()

    async def hang_up(self) -> None:
        """Leave on purpose."""
        for caller in self.callers:
            await caller.leave()

    async def hear_greeting(self) -> None:
        """To its end. Raises CallTimeout, CallEnded."""
        await self.hear_answer(self.caller.connect_started_at or 0.0, _GREETING_S)
        await self.calm()

    async def ask(self) -> float:
        """Speak the question; when its last sample left."""
        self.said.append(self.record.text)
        span = await self.caller.play(self.clip)
        return span.last_speech_at

    async def type(self, text: str) -> float:
        """Send a typed question; when that was."""
        self.said.append(text)
        await self.caller.say_text(text)
        return time.monotonic()

    async def knock(self, timeout_s: float) -> None:
        """Type whether anybody is there, and hear them. Raises CallTimeout, CallEnded, or what the
        SDK raises in a room that it has lost."""
        self.tried.append(_ANYBODY)
        since = time.monotonic()
        await self.caller.say_text(_ANYBODY)
        await self.hear_answer(since, timeout_s)

    async def hear_answer(self, since: float, timeout_s: float = ANSWER_S) -> float:
        """When the agent began to sound after `since`. Raises CallTimeout, CallEnded."""
        return await self.caller.wait_for(
            lambda: self.caller.agent_sound.onset_after(since), what="answer", timeout_s=timeout_s
        )

    async def exchange(self, text: str | None = None) -> float:
        """A question, spoken where it is none to type, and its whole answer; what that waited."""
        asked_at = await (self.ask() if text is None else self.type(text))
        heard_at = await self.hear_answer(asked_at)
        await self.calm()
        return heard_at - asked_at

    async def calm(self) -> None:
        """Until the agent has finished."""
        await self.caller.wait_for(
            lambda: (self.caller.agent_sound.quiet_s(time.monotonic()) or 0.0) > _CALM_S,
            what="the end of an answer",
            timeout_s=_LONGEST_ANSWER_S,
        )

    async def hear_again(self, fault_at: float, timeout_s: float = AGAIN_S) -> float:
        """Seconds from the fault until the agent is heard again. Raises CallTimeout, CallEnded."""
        sound = self.caller.agent_sound

        def again() -> tuple[float] | None:
            waited_s = heard_again(sound, fault_at, time.monotonic())
            return None if waited_s is None else (waited_s,)

        (waited_s,) = await self.caller.wait_for(
            again, what="the agent's voice after the fault", timeout_s=timeout_s
        )
        return waited_s

    async def while_asking(self, part: float, act: Callable[[], None]) -> float:
        """Speak the question, and act when that part of its speech is out; when its end left."""
        clip = self.clip
        first, last = clip.first_speech, clip.last_speech
        after_s = (first + part * (last - first)) / clip.rate_hz
        asking = asyncio.create_task(self.ask())
        try:
            await asyncio.sleep(after_s)
            act()
            return await asking
        finally:
            asking.cancel()

    def is_sounding(self) -> bool:
        """Whether the agent speaks at this moment."""
        return self.caller.agent_sound.is_sounding(time.monotonic(), PAUSE_S)


@asynccontextmanager
async def invited(
    api: SessionApi, body: Mapping[str, Any], record: ClipRecord, *, kept_s: float = _KEPT_S
) -> AsyncIterator[Guest]:
    """A guest who has joined; they hang up at the block's end. `kept_s` of the sound that they hear
    are kept. Raises CallerError."""
    session = await api.create(body)
    guest = Guest([], session, api, read(record), record, kept_s)
    try:
        await guest.join()
        yield guest
    finally:
        await guest.hang_up()


async def is_left_alone(guest: Guest, seconds: float) -> bool:
    """Whether the agent says nothing for so long, from now on."""
    since = time.monotonic()
    try:
        await guest.hear_answer(since, seconds)
    except CallTimeout:
        return True
    return False
