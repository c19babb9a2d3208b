"""The call that `vaarta say` makes."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cli.caller.caller import Caller, CallOptions
from cli.caller.clip import Clip, read_clip
from cli.caller.dialogue import Dialogue
from cli.caller.errors import CallerError, CallTimeout
from cli.caller.printout import latency_table, spoken_line
from cli.caller.session_api import Session, SessionApi

_LONGEST_CALL_S: Final = 3600.0
_TRANSCRIPT_POLL_S: Final = 0.05


@dataclass(frozen=True)
class SayPlan:
    """`body`: the fields of the session to create. Files are spoken first, then texts sent."""

    api_url: str
    api_key: str
    files: tuple[Path, ...]
    texts: tuple[str, ...]
    body: Mapping[str, str]
    record: Path | None
    transcript_format: str | None
    as_json: bool


async def make_call(plan: SayPlan) -> bool:
    """Say everything, tell it on standard output; whether all of it was answered.

    Raises CallerError, or OSError when the recording cannot be written.
    """
    clips = [read_clip(path) for path in plan.files]
    tell = _quiet if plan.as_json else _print
    async with SessionApi(plan.api_url, plan.api_key) as api:
        session = await api.create(plan.body)
        tell(f"session {session.id}")
        options = CallOptions(kept_s=_LONGEST_CALL_S if plan.record else 0.0)
        caller = Caller(session.ws_url, session.token, options)
        try:
            async with caller:
                problems = await _talk(caller, clips, plan.texts, tell)
        except CallerError as exc:
            # A session that could not be joined would stay open until its token expires.
            await api.delete(session.id)
            problems = [str(exc)]
        if plan.record:
            caller.agent_sound.write_wav(plan.record)
        await _report(plan, caller, await api.until_over(session.id), api)
    for problem in problems:
        print(f"say: {problem}", file=sys.stderr)
    return not problems


async def _talk(
    caller: Caller, clips: list[Clip], texts: tuple[str, ...], tell: Callable[[str], None]
) -> list[str]:
    """Returns a line for each thing that was not answered in time."""
    printing = asyncio.create_task(_print_transcripts(caller, tell))
    unanswered = []
    try:
        dialogue = Dialogue(caller)
        await dialogue.hear_greeting()
        for clip in clips:
            span = await caller.play(clip)
            if not await _is_answered(dialogue, span.last_speech_at):
                unanswered.append(f"{clip.name}: not answered")
        for number, text in enumerate(texts, 1):
            sent_at = time.monotonic()
            await caller.say_text(text)
            if not await _is_answered(dialogue, sent_at):
                unanswered.append(f"text {number}: not answered")
    finally:
        printing.cancel()
        await asyncio.gather(printing, return_exceptions=True)
    return unanswered


async def _is_answered(dialogue: Dialogue, since: float) -> bool:
    try:
        await dialogue.hear_answer(since)
    except CallTimeout:
        return False
    return True


async def _print_transcripts(caller: Caller, tell: Callable[[str], None]) -> None:
    """Print each final segment once, until cancelled; what is there by then is printed too."""
    printed = 0
    try:
        while True:
            printed = _print_from(caller, printed, tell)
            await asyncio.sleep(_TRANSCRIPT_POLL_S)
    finally:
        _print_from(caller, printed, tell)


def _print_from(caller: Caller, printed: int, tell: Callable[[str], None]) -> int:
    for segment in caller.segments[printed:]:
        if segment.is_final and segment.text.strip():
            tell(spoken_line(segment))
    return len(caller.segments)


async def _report(plan: SayPlan, caller: Caller, ended: Session, api: SessionApi) -> None:
    if plan.as_json:
        turns = await api.turns(ended.id)
        session = ended.model_dump(mode="json", exclude={"token", "ws_url"})
        print(json.dumps({"session": session, "turns": [t.model_dump(mode="json") for t in turns]}))
        return
    if caller.turns:
        print(latency_table(list(caller.turns.values())))
    duration = "-" if ended.duration_seconds is None else f"{ended.duration_seconds:.1f} s"
    print(f"{ended.status} ({ended.end_reason or 'no end reason'}), {duration}")
    if plan.transcript_format:
        print(await api.transcript(ended.id, plan.transcript_format), end="")


def _print(line: str) -> None:
    print(line, flush=True)


def _quiet(_: str) -> None:
    """Standard output is for the JSON object alone."""
