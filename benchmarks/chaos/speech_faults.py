"""Faults of recognition and voice: their sockets are cut, or stay open and say nothing."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from benchmarks.chaos.proxy import Link
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trial import Trial
from benchmarks.tones import find_tones, longest_hole_ms
from cli.caller.caller import Caller

_MID_WORD: Final = 0.55
"""Share of the question's speech: in the middle of a word, and of the sentence."""
_MID_SENTENCE_S: Final = 1.0


async def cut_recognition(stage: Stage, trial: Trial) -> None:
    """In mid-word."""
    await _fail_recognition(stage, trial, lambda: stage.system.wires.speech.cut(is_recognition))


async def mute_recognition(stage: Stage, trial: Trial) -> None:
    """From mid-word on the socket that is in use says nothing; a new one would."""
    await _fail_recognition(stage, trial, lambda: stage.system.wires.speech.mute(is_recognition))


async def cut_voice(stage: Stage, trial: Trial) -> None:
    """In mid-sentence, with most of the answer still to be made."""
    async with stage.guest(trial) as guest:
        await guest.exchange()
        began_at = await guest.hear_answer(await guest.ask())
        await asyncio.sleep(max(0.0, began_at + _MID_SENTENCE_S - time.monotonic()))
        stage.system.wires.speech.cut(is_voice)
        await guest.calm()
        _compare(stage, trial, guest.caller, began_at)
        await stage.recalls(guest, trial)


async def _fail_recognition(stage: Stage, trial: Trial, fail: Callable[[], None]) -> None:
    async with stage.guest(trial) as guest:
        usual_s = await guest.exchange()
        asked_at = await guest.while_asking(_MID_WORD, fail)
        waited_s = await guest.hear_answer(asked_at) - asked_at
        trial.took(max(0.0, waited_s - usual_s))
        trial.notes["answered after"] = round(waited_s, 2)
        await guest.calm()
        await stage.recalls(guest, trial)


def _compare(stage: Stage, trial: Trial, caller: Caller, began_at: float) -> None:
    """The answer's words in its sound: each once, and no hole between them."""
    sound = caller.agent_sound
    tones = find_tones(sound.samples(began_at - 0.1), sound.rate_hz)
    expected = len(stage.scenario.reply_to(stage.scenario.clips[0].text).split())
    trial.took(longest_hole_ms(tones, 0.0) / 1000)
    trial.problems["word never heard"] += max(0, expected - len(tones))
    trial.problems["word heard twice"] += max(0, len(tones) - expected)


def is_recognition(link: Link) -> bool:
    """Whether it is a recogniser's socket."""
    return b" /speech-to-text" in link.opening


def is_voice(link: Link) -> bool:
    """Whether it is a voice's socket."""
    return b" /text-to-speech" in link.opening
