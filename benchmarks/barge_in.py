"""`python -m benchmarks.barge_in`: from the caller's first sound over the agent to its silence.

barge_in = last agent sample above the threshold before a gap - first speech sample of the clip
sent, on one clock. Beside it the voice-to-voice of the turn after it.
"""

import asyncio
import random
import time
from typing import Final

from benchmarks.options import RigOptions, parse_options
from benchmarks.output import deliver
from benchmarks.result import Tally
from benchmarks.rig import (
    PAUSE_GAP_S,
    Benchmark,
    Call,
    reason_to_discard,
    run_benchmark,
)
from benchmarks.stages import HEARD, stages_of
from cli.caller.errors import CallTimeout

METRIC: Final = "barge_in"
AFTER_METRIC: Final = "voice_to_voice_after_barge_in"
_LISTEN_S: Final = (1.0, 2.0)
"""How long the caller listens before it breaks in."""
_STOP_TIMEOUT_S: Final = 6.0


async def _converse(call: Call, options: RigOptions, tally: Tally) -> None:
    listening = random.Random(0)
    for number in range(options.warm_up + options.turns):
        question = await call.caller.play(call.clip(2 * number))
        onset = await call.hear_onset(question.last_speech_at)
        if onset is None:
            tally.errors["no answer to break into"] += 1
            continue
        await asyncio.sleep(listening.uniform(*_LISTEN_S))
        await _measure_barge_in(call, 2 * number + 1, tally, is_warm_up=number < options.warm_up)


async def _measure_barge_in(call: Call, number: int, tally: Tally, *, is_warm_up: bool) -> None:
    sound = call.caller.agent_sound
    overruns = call.caller.overruns
    span = await call.caller.play(call.clip(number))
    if not sound.is_sounding(span.first_speech_at, PAUSE_GAP_S):
        tally.discards["agent was silent already"] += 1
        return
    try:
        silent_at = await call.caller.wait_for(
            lambda: sound.silence_after(span.first_speech_at, PAUSE_GAP_S, time.monotonic()),
            what="the agent's silence",
            timeout_s=_STOP_TIMEOUT_S,
        )
    except CallTimeout:
        tally.errors["not stopped"] += 1
        return
    onset = await call.hear_onset(span.last_speech_at)
    if onset is None:
        tally.errors["no answer to the barge-in"] += 1
        return
    turn = await call.dialogue.hear_answer(span.last_speech_at)
    stop_ms = (silent_at - span.first_speech_at) * 1000
    took_ms = (onset - span.last_speech_at) * 1000
    stages = {} if turn is None else stages_of(turn)
    tally.turns.append({"clip": call.clip(number).name, METRIC: stop_ms, HEARD: took_ms, **stages})
    if is_warm_up:
        tally.add_warm_up(METRIC, stop_ms)
    elif sound.onset_after(silent_at + 0.001) != onset:
        tally.discards["agent went on in between"] += 1
    elif reason := reason_to_discard(call.caller, span, overruns):
        tally.discards[reason] += 1
    else:
        tally.add(METRIC, stop_ms)
        tally.add(AFTER_METRIC, took_ms)


def main() -> None:
    options = parse_options((__doc__ or "").partition("\n")[0], turns=20)
    result = asyncio.run(run_benchmark(Benchmark("barge_in", _converse), options))
    deliver(result, options, title="Barge-in")


if __name__ == "__main__":
    main()
