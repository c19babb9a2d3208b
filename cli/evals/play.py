"""One try of a case: a session, a caller in its room, and what came of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from cli.caller.caller import Caller
from cli.caller.clip import Clip, read_clip
from cli.caller.dialogue import Dialogue
from cli.caller.errors import ApiUnreachable, CallEnded, CallerError, CallTimeout
from cli.caller.session_api import Session, SessionApi
from cli.evals.checks import failures_of
from cli.evals.model import Line, ModelFailed, SuiteModel
from cli.evals.outcome import CaseResult, Exchange, Played, PlayedTurn, SuiteResult, Try
from cli.evals.suite import Case, PlayedCaller, Say, Suite

HANG_UP: Final = "caller_hangup"
_END_TIMEOUT_S: Final = 60.0
"""As long as a call that the agent shall end is waited for."""
_TURNS: Final = TypeAdapter(list[PlayedTurn])


@dataclass(frozen=True)
class Player:
    """Plays cases against one API. `folder`: where their sound files are found from."""

    api: SessionApi
    folder: Path
    model: SuiteModel | None

    async def play(self, case: Case, body: Mapping[str, Any]) -> Try:
        """Hold the call and judge it. Raises nothing of a call's own: that is a failure of it."""
        began = time.monotonic()
        try:
            played = await self._hold(case, body)
        except CallerError as exc:
            return Try(time.monotonic() - began, [str(exc)])
        failures = [*failures_of(case, played), *await self._judged(case, played)]
        waits = [turn.first_audio_ms for turn in played.turns.values() if turn.first_audio_ms]
        return Try(time.monotonic() - began, failures, played.session.id, played.transcript, waits)

    async def _hold(self, case: Case, body: Mapping[str, Any]) -> Played:
        session = await self.api.create(body)
        exchanges: list[Exchange] = []
        problem = None
        try:
            async with Caller(session.ws_url, session.token) as caller:
                problem = await self._converse(case, caller, exchanges)
        except CallerError as exc:
            # A session that could not be joined would stay open until its token expires.
            await self.api.delete(session.id)
            problem = str(exc)
        ended = await self.api.until_over(session.id)
        return Played(ended, await self._turns(ended), exchanges, problem)

    async def _converse(self, case: Case, caller: Caller, exchanges: list[Exchange]) -> str | None:
        """Everything that is to be said, or until the agent hangs up; why it broke off."""
        talk = _Talk(caller, exchanges)
        try:
            await talk.begin()
            for said in case.say:
                await self._say(talk, said)
            if case.caller is not None and self.model is not None:
                await self._play_caller(talk, case.caller, self.model)
            if case.expect.end_reason not in (None, HANG_UP):
                await caller.wait_for(lambda: False, what="the end", timeout_s=_END_TIMEOUT_S)
        except CallEnded:
            return None  # the session's end reason says by whom, and whether that was wanted
        except (CallTimeout, ModelFailed) as exc:
            return str(exc)
        return None

    async def _say(self, talk: "_Talk", said: Say) -> None:
        if said.file is None:
            await talk.exchange(said.text or "", talk.type(said.text or ""))
        else:
            clip = await asyncio.to_thread(read_clip, self.folder / said.file)
            await talk.exchange(str(said.file), talk.play(clip))

    async def _play_caller(self, talk: "_Talk", caller: PlayedCaller, model: SuiteModel) -> None:
        for _ in range(caller.turns):
            line = await model.next_line(caller.role, talk.lines)
            if line is None:
                return
            await talk.exchange(line, talk.type(line))

    async def _turns(self, session: Session) -> dict[int, PlayedTurn]:
        body = await self.api.transcript(session.id, "json")
        try:
            turns = _TURNS.validate_json(body)
        except ValidationError as exc:
            raise ApiUnreachable(f"a transcript with {exc.error_count()} odd fields") from exc
        return {turn.turn_index: turn for turn in turns}

    async def _judged(self, case: Case, played: Played) -> list[str]:
        rubric = case.expect.rubric
        if rubric is None or self.model is None or played.problem is not None:
            return []
        try:
            verdict = await self.model.verdict(rubric, played.transcript)
        except ModelFailed as exc:
            return [f"rubric: {exc}"]
        return [] if verdict.passed else [f"rubric: {verdict.reason or 'not met'}"]


async def play_suite(
    player: Player, suite: Suite, *, at_once: int, tell: Callable[[str], None]
) -> SuiteResult:
    """Every try of every case, so many at the same time; each is told of as it is over."""
    places = asyncio.Semaphore(at_once)

    async def play(case: Case, number: int) -> Try:
        async with places:
            played = await player.play(case, suite.body_of(case))
        tell(f"{case.name}, try {number}: {'right' if played.is_right else 'wrong'}")
        return played

    async def play_case(case: Case) -> CaseResult:
        tries = [play(case, number) for number in range(1, suite.tries_of(case) + 1)]
        return CaseResult(case.name, suite.passes_of(case), await asyncio.gather(*tries))

    return SuiteResult(suite.name, await asyncio.gather(*map(play_case, suite.case)))


class _Talk:
    """What is said in a call, one thing after the other, and which turns it brought."""

    def __init__(self, caller: Caller, exchanges: list[Exchange]) -> None:
        self._caller = caller
        self._dialogue = Dialogue(caller)
        self._exchanges = exchanges
        self.lines: list[Line] = []

    async def begin(self) -> None:
        """Hear the greeting out."""
        await self._dialogue.hear_greeting()
        self._note(None, self._caller.turns.keys())

    async def exchange(self, said: str, saying: Awaitable[float]) -> None:
        """Say it and hear the answer out. `saying` comes to the moment at which that was over.

        Raises CallEnded, once it is noted what was answered until then; other CallerErrors.
        """
        known = set(self._caller.turns)
        try:
            await self._dialogue.hear_answer(await saying)
        except CallTimeout:
            pass  # an exchange without a turn: the checks say so
        finally:
            fresh = sorted(self._caller.turns.keys() - known)
            self._exchanges.append(Exchange(said, fresh))
            self._note(said, fresh)

    async def type(self, text: str) -> float:
        """Send a text, as a chat box does."""
        sent_at = time.monotonic()
        await self._caller.say_text(text)
        return sent_at

    async def play(self, clip: Clip) -> float:
        """Speak a clip."""
        return (await self._caller.play(clip)).last_speech_at

    def _note(self, said: str | None, turns: Iterable[int]) -> None:
        if said is not None:
            self.lines.append(Line(is_agents=False, text=said))
        answers = [self._caller.turns[index].agent_response for index in turns]
        if heard := " ".join(filter(None, answers)):
            self.lines.append(Line(is_agents=True, text=heard))
