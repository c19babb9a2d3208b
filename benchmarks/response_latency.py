"""`python -m benchmarks.response_latency`: from the caller's last sound to the agent's answer.

voice_to_voice = first agent sample of the answer above the threshold in the received sound - last
speech sample sent, on one clock, nothing subtracted; first_sound: the same to any sound, which may
be an acknowledgement's. Beside them the transport floor (`--floor N`), and what the system itself
says about the same turns.
"""

import asyncio
import random
from typing import Any, Final

from benchmarks.answer_onset import answer_onset
from benchmarks.exchange import SPOKE_OVER
from benchmarks.floor import METRIC as FLOOR_METRIC
from benchmarks.options import RigOptions, parse_options
from benchmarks.output import deliver
from benchmarks.result import Tally
from benchmarks.rig import Benchmark, Call, reason_to_discard, run_or_exit
from benchmarks.spending import spending_of
from benchmarks.stages import LATENCIES, stages_of
from cli.caller.turn import Turn

METRIC: Final = "voice_to_voice"
FIRST_SOUND: Final = "first_sound"
_THINK_S: Final = (0.2, 0.8)
"""The caller thinks before it asks, never equally long: no turn falls into step with a timer."""


async def _converse(call: Call, options: RigOptions, tally: Tally) -> None:
    thinking = random.Random(0)
    for number in range(options.warm_up + options.turns):
        await asyncio.sleep(thinking.uniform(*_THINK_S))
        await _measure_turn(call, number, options, tally)


async def _measure_turn(call: Call, number: int, options: RigOptions, tally: Tally) -> None:
    is_warm_up = number < options.warm_up
    overruns = call.caller.overruns
    is_interrupting = call.is_agent_sounding()
    span = await call.caller.play(call.clip(number))
    onset = await call.hear_onset(span.first_speech_at)
    if onset is None:
        tally.errors["no answer"] += 1
        return
    turn = await call.dialogue.hear_answer(span.last_speech_at)
    first_ms = (onset - span.last_speech_at) * 1000
    answered_at = answer_onset(call.caller.agent_sound, onset, turn)
    took_ms = (answered_at - span.last_speech_at) * 1000
    tally.turns.append(_row(call, number, turn, took_ms))
    if is_warm_up:
        tally.add_warm_up(METRIC, took_ms)
    elif is_interrupting or first_ms < 0:
        tally.errors[SPOKE_OVER] += 1
    elif reason := reason_to_discard(call.caller, span, overruns):
        tally.discards[reason] += 1
    else:
        tally.add(FIRST_SOUND, first_ms)
        tally.add(METRIC, took_ms)
        tally.spend(spending_of(call.dialogue.latest))
        _compare(tally, turn, took_ms)
        if options.acknowledge_after_ms and turn is not None:
            tally.count("acknowledged", turn.acknowledged_ms is not None)


def _compare(tally: Tally, turn: Turn | None, took_ms: float) -> None:
    """What the system measured itself in the same turn, and what lies beyond its first audio.

    What the transport's floor does not explain of that is known when the floor was measured.
    """
    for stage in LATENCIES:
        tally.add(stage, None if turn is None else getattr(turn, stage))
    first_audio_ms = None if turn is None else turn.first_audio_ms
    beyond_ms = None if first_audio_ms is None else took_ms - first_audio_ms
    tally.add("beyond_first_audio", beyond_ms)
    if beyond_ms is not None and (floor := tally.summary(FLOOR_METRIC)) is not None:
        tally.add("unexplained", beyond_ms - floor.p50)


def _row(call: Call, number: int, turn: Turn | None, took_ms: float) -> dict[str, Any]:
    row: dict[str, Any] = {"clip": call.clip(number).name, METRIC: round(took_ms, 1)}
    if turn is None:
        return row
    row["acknowledged_ms"] = turn.acknowledged_ms
    return {**row, **stages_of(turn), "is_heard_right": call.is_heard_right(number, turn)}


BENCHMARK: Final = Benchmark("response_latency", _converse)


def main() -> None:
    options = parse_options((__doc__ or "").partition("\n")[0], turns=40)
    result = run_or_exit(BENCHMARK, options)
    deliver(result, options, title="Response latency")


if __name__ == "__main__":
    main()
