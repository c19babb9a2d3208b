r"""`python -m benchmarks.turn_taking`: false cut-offs inside a sentence, dead air after it.

::

    caller   __/‾‾‾‾‾‾\_________/‾‾‾‾‾‾‾\_______________
                      |  pause  |       | last_speech_at
    agent    ______________/‾‾\________________/‾‾‾‾‾‾‾‾
                           ^ false cut-off     ^ dead air ends

A false cut-off is agent sound that begins after a pause began and before the caller's last sample.
It was taken back when less than 0.3 s of it was heard and the caller's words ended in one turn.
`--sweep` replays the clips without sockets over many policies instead.
"""

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.clips import ClipRecord, Pause
from benchmarks.options import RigOptions, parse_options
from benchmarks.output import deliver
from benchmarks.report.page import write_sweep_report
from benchmarks.result import Tally
from benchmarks.rig import PAUSE_GAP_S, Benchmark, Call, reason_to_discard, run_or_exit
from benchmarks.scenario import load_scenario
from benchmarks.spending import spending_of
from benchmarks.stages import stages_of
from benchmarks.sweep.run import run_sweep
from cli.caller.microphone import PlayedSpan
from cli.caller.recording import SoundSpan
from cli.caller.turn import Turn
from pipeline.words import same_words

METRIC: Final = "voice_to_voice"
AFTER_METRIC: Final = "voice_to_voice_after_cut_off"
HEARD_METRIC: Final = "cut_off_heard"
CUT_OFFS: Final = "false_cut_off"
TAKEN_BACK: Final = "taken_back"
TAKEN_BACK_MS: Final = 300
_THINK_S: Final = (0.2, 0.8)


@dataclass(frozen=True)
class PauseHeard:
    """What the agent did in one pause. `heard_ms`: agent sound that began in it, 0 for none."""

    pause: Pause
    heard_ms: float

    @property
    def is_cut_off(self) -> bool:
        return self.heard_ms > 0

    @property
    def metrics(self) -> tuple[str, str, str]:
        """Where it counts: all, those of its kind, those of its kind and length."""
        of_kind = f"{CUT_OFFS}, {self.pause.kind}"
        return CUT_OFFS, of_kind, f"{of_kind}, {round(self.pause.length_ms, -2)} ms"


def read_pauses(
    record: ClipRecord, span: PlayedSpan, agent: Iterable[SoundSpan]
) -> list[PauseHeard]:
    """Each pause with the sound that began between its beginning and the next one's, or the end."""
    starts = [_moment(record, span, pause.start_ms) for pause in record.pauses]
    limits = [*starts[1:], span.last_speech_at]
    sounds = list(agent)
    return [
        PauseHeard(pause, 1000 * sum(s.ended_at - s.started_at for s in _begun(sounds, *between)))
        for pause, *between in zip(record.pauses, starts, limits, strict=True)
    ]


def dead_air_ms(span: PlayedSpan, agent: Iterable[SoundSpan]) -> float | None:
    """From the caller's last sample to the sound that begins after it. None where the agent was
    sounding then, and never stopped: what it said is no answer to the whole."""
    after = (sound for sound in agent if sound.ended_at >= span.last_speech_at)
    answer = next(after, None)
    if answer is None or answer.started_at < span.last_speech_at:
        return None
    return (answer.started_at - span.last_speech_at) * 1000


def _moment(record: ClipRecord, span: PlayedSpan, clip_ms: int) -> float:
    return span.first_speech_at + (clip_ms - record.speech_start_ms) / 1000


def _begun(sounds: list[SoundSpan], since: float, until: float) -> list[SoundSpan]:
    return [sound for sound in sounds if since <= sound.started_at < until]


async def _converse(call: Call, options: RigOptions, tally: Tally) -> None:
    for metric in (METRIC, AFTER_METRIC, HEARD_METRIC):
        tally.add(metric, None)
    for share in (CUT_OFFS, TAKEN_BACK):
        for name in (share, f"{share}, unfinished", f"{share}, complete"):
            tally.count(name, 0, of=0)
    thinking = random.Random(0)
    for number in range(options.warm_up + options.turns):
        await asyncio.sleep(thinking.uniform(*_THINK_S))
        await _measure_turn(call, number, tally, is_warm_up=number < options.warm_up)


async def _measure_turn(call: Call, number: int, tally: Tally, *, is_warm_up: bool) -> None:
    record = call.record(number)
    overruns = call.caller.overruns
    is_interrupting = call.is_agent_sounding()
    span = await call.caller.play(call.clip(number))
    if await call.hear_onset(span.last_speech_at) is None:
        tally.errors["no answer"] += 1
        return
    turn = await call.dialogue.hear_answer(span.last_speech_at)
    sounds = call.caller.agent_sound.spans(PAUSE_GAP_S, since=span.first_speech_at)
    pauses = read_pauses(record, span, sounds)
    took_ms = dead_air_ms(span, sounds)
    tally.turns.append(_row(record, turn, pauses, took_ms))
    if is_warm_up:
        return
    if is_interrupting or _begun(sounds, span.first_speech_at, _first_pause(record, span)):
        tally.errors["agent spoke before the pause"] += 1
    elif reason := reason_to_discard(call.caller, span, overruns):
        tally.discards[reason] += 1
    else:
        tally.spend(spending_of(call.dialogue.latest))
        _count(tally, record, turn, pauses, took_ms)


def _first_pause(record: ClipRecord, span: PlayedSpan) -> float:
    return _moment(record, span, record.pauses[0].start_ms)


def _count(
    tally: Tally,
    record: ClipRecord,
    turn: Turn | None,
    pauses: list[PauseHeard],
    took_ms: float | None,
) -> None:
    cut_offs = [heard for heard in pauses if heard.is_cut_off]
    for heard in pauses:
        for metric in heard.metrics:
            tally.count(metric, heard.is_cut_off)
    for heard in cut_offs:
        tally.add(HEARD_METRIC, heard.heard_ms)
        is_one_turn = turn is not None and same_words(turn.user_transcript, record.text)
        is_back = is_one_turn and heard.heard_ms < TAKEN_BACK_MS
        tally.count(TAKEN_BACK, is_back)
        tally.count(f"{TAKEN_BACK}, {heard.pause.kind}", is_back)
    tally.add(AFTER_METRIC if cut_offs else METRIC, took_ms)


def _row(
    record: ClipRecord, turn: Turn | None, pauses: list[PauseHeard], took_ms: float | None
) -> dict[str, Any]:
    row = {
        "clip": record.file,
        METRIC: None if took_ms is None else round(took_ms, 1),
        "pauses": [
            {
                "kind": heard.pause.kind,
                "length_ms": heard.pause.length_ms,
                "heard_ms": round(heard.heard_ms, 1),
            }
            for heard in pauses
        ],
    }
    if turn is None:
        return row
    return {
        **row,
        **stages_of(turn),
        "transcript": turn.user_transcript,
        "is_heard_right": same_words(turn.user_transcript, record.text),
    }


BENCHMARK: Final = Benchmark("turn_taking", _converse)


def main() -> None:
    options = parse_options(
        (__doc__ or "").partition("\n")[0],
        turns=59,
        flags={"sweep": "replay the clips over many policies, without sockets"},
    )
    if "sweep" in options.flags:
        _sweep(options)
        return
    result = run_or_exit(BENCHMARK, options)
    deliver(result, options, title="Taking turns: cut-offs and dead air")


def _sweep(options: RigOptions) -> None:
    result = run_sweep(load_scenario("turn_taking").on(options.latencies, options.punctuation))
    print(result.table())
    if options.json:
        result.write(options.json)
    if options.html:
        write_sweep_report(options.html, result)


if __name__ == "__main__":
    main()
