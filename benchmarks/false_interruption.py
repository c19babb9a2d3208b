"""`python -m benchmarks.false_interruption`: whether an answer goes on over a cough or an "mm-hm".

An answer goes on when the transcript holds all of it, unbroken, and every word of it was heard.
`audible_gap` is the longest silence inside it from the caller's sound on, beyond the voice's own
dips between words: 0 where nothing was held back.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.exchange import NotMeasured, ask, hear_out
from benchmarks.options import RigOptions, parse_options
from benchmarks.output import deliver
from benchmarks.result import Tally
from benchmarks.rig import PAUSE_GAP_S, Benchmark, Call, reason_to_discard, run_or_exit
from benchmarks.tones import find_tones, longest_hole_ms
from cli.caller.microphone import PlayedSpan
from cli.caller.turn import Turn

GOES_ON_SHARE: Final = "goes on"
GAP_METRIC: Final = "audible_gap"
_LISTEN_S: Final = (0.8, 2.0)
"""How long the caller listens before it makes its sound."""
_CALM_S: Final = 2.5
"""The silence waited for where a turn did not go as it should."""
_BEFORE_S: Final = 0.1
_KEPT_S: Final = 1800.0


@dataclass(frozen=True)
class Outcome:
    """An answer over which the caller made a sound, as recorded and as heard."""

    is_whole: bool
    words: int
    tones: int
    gap_ms: float

    @property
    def goes_on(self) -> bool:
        """A word that was cut and said again is heard twice: more tones than words are no loss."""
        return self.is_whole and self.tones >= self.words


async def _converse(call: Call, options: RigOptions, tally: Tally) -> None:
    chance = random.Random(0)
    for number in range(options.warm_up + options.turns):
        try:
            await _disturb(call, 2 * number, chance, tally, is_warm_up=number < options.warm_up)
        except NotMeasured as exc:
            exc.note(tally)
            await hear_out(call.caller, _CALM_S)


async def _disturb(
    call: Call, number: int, chance: random.Random, tally: Tally, *, is_warm_up: bool
) -> None:
    """One question, and a sound over its answer.

    Both clips are spoken whatever comes of it: the recogniser hears them in this order.
    """
    caller, sound = call.caller, call.caller.agent_sound
    known = set(caller.turns)
    try:
        asked = await ask(caller, call.clip(number))
    except NotMeasured:
        await caller.play(call.clip(number + 1))
        raise
    await asyncio.sleep(chance.uniform(*_LISTEN_S))
    overruns = caller.overruns
    span = await caller.play(call.clip(number + 1))
    await call.dialogue.hear_answer(asked.span.last_speech_at)
    if not sound.is_sounding(span.first_speech_at, PAUSE_GAP_S):
        raise NotMeasured("agent was silent already")
    if reason := asked.fault or reason_to_discard(caller, span, overruns):
        raise NotMeasured(reason)
    if not is_warm_up:
        fresh = [caller.turns[index] for index in sorted(caller.turns.keys() - known)]
        _note(call, number, _outcome(call, number, fresh, asked.onset_at, span), tally)


def _outcome(
    call: Call, number: int, fresh: Sequence[Turn], onset_at: float, span: PlayedSpan
) -> Outcome:
    """Of the answer that began at `onset_at`; the sound is to make no turn of its own."""
    reply = call.scenario.reply_to(call.record(number).text)
    recording = call.caller.agent_sound
    tones = find_tones(recording.samples(onset_at - _BEFORE_S), recording.rate_hz)
    since_ms = (span.first_speech_at - onset_at + _BEFORE_S) * 1000
    return Outcome(
        is_whole=[(turn.interrupted, turn.agent_response) for turn in fresh] == [(False, reply)],
        words=len(reply.split()),
        tones=len(tones),
        gap_ms=longest_hole_ms(tones, since_ms),
    )


def _note(call: Call, number: int, outcome: Outcome, tally: Tally) -> None:
    record = call.record(number + 1)
    tally.count(GOES_ON_SHARE, outcome.goes_on)
    tally.count(f"{GOES_ON_SHARE}, {record.kind}", outcome.goes_on)
    if outcome.goes_on:
        tally.add(GAP_METRIC, outcome.gap_ms)
        tally.add(f"{GAP_METRIC}, {record.kind}", outcome.gap_ms)
    tally.turns.append(
        {
            "clip": record.file,
            "goes_on": outcome.goes_on,
            "is_whole": outcome.is_whole,
            "words": outcome.words,
            "tones": outcome.tones,
            GAP_METRIC: round(outcome.gap_ms, 1),
        }
    )


def main() -> None:
    options = parse_options((__doc__ or "").partition("\n")[0], turns=24)
    if options.api_url is not None:
        raise SystemExit("--api-url: only the scripted voice's words can be counted")
    benchmark = Benchmark("false_interruption", _converse, kept_s=_KEPT_S)
    deliver(run_or_exit(benchmark, options), options, title="Coughs and backchannels")


if __name__ == "__main__":
    main()
