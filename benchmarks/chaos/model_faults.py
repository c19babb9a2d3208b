"""Faults of language models: the first host stalls, answers nothing, errs, or is slow."""

from dataclasses import replace
from typing import Final
from uuid import uuid4

from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trial import Trial
from sandbox.script import ChatFault

_FIRST: Final = "openrouter"
"""The host that the session's model is asked of first."""
_SLOW_MS: Final = 3000


async def stall(stage: Stage, trial: Trial) -> None:
    """After its first token, of which nothing was spoken yet."""
    await _fail(stage, trial, ChatFault(kind="hang", upstream=_FIRST, after_tokens=1))


async def be_empty(stage: Stage, trial: Trial) -> None:
    """A stream that ends as if all were well."""
    await _fail(stage, trial, ChatFault(kind="empty", upstream=_FIRST))


async def err(stage: Stage, trial: Trial) -> None:
    """A status of 500."""
    await _fail(stage, trial, ChatFault(kind="status", upstream=_FIRST, status=500))


async def be_slow(stage: Stage, trial: Trial) -> None:
    """Its first token comes, far later than its own usual."""
    fault = ChatFault(kind="late", upstream=_FIRST, delay_ms=_SLOW_MS)
    await _fail(stage, trial, fault, is_hedged=True)


async def _fail(stage: Stage, trial: Trial, fault: ChatFault, *, is_hedged: bool = False) -> None:
    """From when the first host failed the request until the next one's answer is heard.

    A host that fails often is not asked any more: then there is nothing to measure.
    """
    script, sandbox = stage.script, stage.system.sandbox
    text = f"What else is there, {uuid4().hex[:8]}?"
    async with stage.guest(trial) as guest:
        await guest.exchange()
        sandbox.follow(replace(script, chat=replace(script.chat, faults=(fault,))))
        try:
            heard_at = await guest.hear_answer(await guest.type(text))
        finally:
            sandbox.follow(script)
        struck = stage.requests_about(text, _FIRST)
        others = [one for one in stage.requests_about(text) if one not in struck]
        if struck and others:
            told_s = 0.0 if is_hedged else script.chat.first_token_ms / 1000
            trial.took(heard_at - struck[0].opened_at_s - told_s)
        trial.must(bool(others), "no other host was asked")
        trial.notes["first host was asked"] = bool(struck)
        await guest.calm()
        await stage.recalls(guest, trial)
