"""`python -m benchmarks.barge_in`: from the caller's first sound over the agent to its silence.

barge_in = last agent sample above the threshold before a gap - first speech sample of the clip
sent, on one clock. Beside it the voice-to-voice of a normal turn and of the turn after a barge-in,
words of the interruption that the transcript lacks, and whether what it holds of the interrupted
answer is what was heard, counted in the sound.
"""

import asyncio
import random
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.exchange import Answer, NotMeasured, ask, break_in, hear_out
from benchmarks.options import RigOptions, parse_options
from benchmarks.output import deliver
from benchmarks.result import Tally
from benchmarks.rig import Benchmark, Call, run_or_exit
from benchmarks.scenario import Scenario
from benchmarks.stages import HEARD, stages_of
from benchmarks.tones import count_heard, find_tones, spoken_ms
from benchmarks.words import words_missing
from cli.caller.turn import Turn

METRIC: Final = "barge_in"
NORMAL_METRIC: Final = "voice_to_voice"
AFTER_METRIC: Final = "voice_to_voice_after_barge_in"
OFF_METRIC: Final = "heard_text_off"
LOST_SHARE: Final = "words_lost"

_LISTEN_S: Final = (1.0, 2.0)
"""How long the caller listens to an answer that is still being made before it breaks in."""
_SOON_MADE_S: Final = 4.0
"""An answer that is made sooner is broken into when all of it was made, before its end."""
_MADE_S: Final = 0.5
"""Beyond its own pace the synthesis takes this long: the first byte of each piece."""
_LEFT_S: Final = 0.6
"""What is left to say, at least, when the caller breaks in."""
_CALM_S: Final = 2.5
"""The silence waited for where a turn did not go as it should."""
_KEPT_S: Final = 1800.0


async def _converse(call: Call, options: RigOptions, tally: Tally) -> None:
    chance = random.Random(0)
    for number in range(options.warm_up + options.turns):
        try:
            await _interrupt(call, 2 * number, chance, options, tally)
        except NotMeasured as exc:
            exc.note(tally)
            await hear_out(call.caller, _CALM_S)


async def _interrupt(
    call: Call, number: int, chance: random.Random, options: RigOptions, tally: Tally
) -> None:
    """One question, and a barge-in over its answer.

    Both clips are spoken whatever comes of it: the recogniser hears them in this order.
    """
    known = set(call.caller.turns)
    reply = call.scenario.reply_to(call.record(number).text)
    try:
        asked = await ask(call.caller, call.clip(number))
    except NotMeasured:
        await call.caller.play(call.clip(number + 1))
        raise
    listen_s, state = listening(call.scenario, reply, chance.random())
    await asyncio.sleep(listen_s)
    answer = await break_in(call.caller, call.clip(number + 1))
    assert answer.stop_ms is not None
    turn = await call.dialogue.hear_answer(answer.span.last_speech_at)
    if fault := asked.fault or answer.fault:
        raise NotMeasured(fault)
    if number < 2 * options.warm_up:
        tally.add_warm_up(METRIC, answer.stop_ms)
        return
    tally.add(METRIC, answer.stop_ms)
    tally.add(f"{METRIC}, {state}", answer.stop_ms)
    tally.add(NORMAL_METRIC, asked.took_ms)
    tally.add(AFTER_METRIC, answer.took_ms)
    tally.add(f"{AFTER_METRIC}, {state}", answer.took_ms)
    row = {
        "clip": call.clip(number + 1).name,
        "state": state,
        METRIC: round(answer.stop_ms, 1),
        HEARD: round(answer.took_ms, 1),
        **({} if turn is None else stages_of(turn)),
    }
    tally.turns.append(row)
    if options.api_url is None:  # only the scripted voice's words can be counted
        fresh = [call.caller.turns[index] for index in sorted(call.caller.turns.keys() - known)]
        _check_texts(call, number, fresh, tally, row, (asked, answer, reply))


def listening(scenario: Scenario, reply: str, chance: float) -> tuple[float, str]:
    """How long to listen from the answer's onset on, and what its synthesis does by then."""
    voice = scenario.sandbox["tts"]
    whole_s = spoken_ms(reply, voice["ms_per_char"]) / 1000
    made_s = whole_s / voice["realtime_factor"] + _MADE_S
    if made_s > _SOON_MADE_S:
        return _LISTEN_S[0] + chance * (_LISTEN_S[1] - _LISTEN_S[0]), "in synthesis"
    return made_s + chance * max(0.0, whole_s - _LEFT_S - made_s), "after synthesis"


def _check_texts(
    call: Call,
    number: int,
    fresh: Sequence[Turn],
    tally: Tally,
    row: dict[str, Any],
    heard: tuple[Answer, Answer, str],
) -> None:
    """The interrupted answer's text against its sound, the interruption's text against its clip."""
    asked, answer, reply = heard
    if len(fresh) != 2 or answer.silent_at is None:
        tally.errors[f"{len(fresh)} turns recorded for two"] += 1
        return
    interrupted, interruption = fresh
    sound = call.caller.agent_sound.samples(asked.onset_at - 0.1, answer.silent_at + 0.1)
    tones = find_tones(sound, call.caller.agent_sound.rate_hz)
    n_heard = count_heard(tones, reply, call.scenario.sandbox["tts"]["ms_per_char"])
    n_told = len(interrupted.agent_response.split())
    said = call.record(number + 1).text
    n_lost = words_missing(said, interruption.user_transcript)
    tally.add_words(OFF_METRIC, abs(n_heard - n_told))
    tally.count(LOST_SHARE, n_lost, len(said.split()))
    tally.count("marked as interrupted", interrupted.interrupted)
    row |= {"words_heard": n_heard, "words_told": n_told, "words_lost": n_lost}


BENCHMARK: Final = Benchmark("barge_in", _converse, kept_s=_KEPT_S)


def main() -> None:
    options = parse_options((__doc__ or "").partition("\n")[0], turns=20)
    result = run_or_exit(BENCHMARK, options)
    deliver(result, options, title="Barge-in")


if __name__ == "__main__":
    main()
