"""`python -m benchmarks.peers`: ours and other agents, on the same clips, in one run.

Same room server, same stand-ins, same caller. Calls go round the systems (A B C D A B C D …), one
script of clips a call, so that a machine that drifts drifts for all. Figures are from sound.
"""

import argparse
import asyncio
import random
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.clips import ClipRecord, read
from benchmarks.comparison import HEADLINE_METRIC, Comparison
from benchmarks.exchange import Answer, NotMeasured, ask, break_in, hear_out
from benchmarks.livekit_server import LiveKitMissing
from benchmarks.network import NetworkUnavailable, network
from benchmarks.options import add_conditions, read_latencies
from benchmarks.peer_calls import NAMES, OpenCall, PeerMissing, check_installed, contender
from benchmarks.report.page import write_report
from benchmarks.result import Tally, read_environment
from benchmarks.rig import PAUSE_GAP_S, hear_onset
from benchmarks.scenario import Latencies, Scenario, load_scenario
from benchmarks.system import SystemFailed, scripted_system
from benchmarks.turn_taking import CUT_OFFS, TAKEN_BACK_MS, dead_air_ms, read_pauses
from cli.caller.caller import Caller
from cli.caller.errors import CallerError

BARGE_IN_METRIC: Final = "barge_in"
AFTER_METRIC: Final = "voice_to_voice_after_barge_in"
GREETING_METRIC: Final = "connect_to_greeting"
DEAD_AIR_METRIC: Final = "dead_air_after_a_sentence_with_a_pause"
SOON_SILENT: Final = f"cut_off_heard_under_{TAKEN_BACK_MS}_ms"
_THINK_S: Final = (0.2, 0.6)
"""The caller thinks before it asks, never equally long: no turn falls into step with a timer."""
_LISTEN_S: Final = (0.8, 1.3)
"""How long the caller listens before it breaks in."""
_OVER_S: Final = 0.7
"""An agent that is silent for longer has said what it had to say."""
_CALM_S: Final = 2.5
"""The silence waited for where a turn did not go as it should."""


@dataclass(frozen=True)
class PeersOptions:
    """`turns`: questions a system that count, at least; the last call is talked to its end.

    `questions`: in one call, the scenario's first ones; None for all of them.
    """

    turns: int
    questions: int | None
    warm_up: int
    systems: tuple[str, ...]
    latencies: Latencies
    profile: str
    punctuation: str
    network: str
    json: Path | None
    html: Path | None = None


@dataclass(frozen=True)
class Step:
    """A question, and what is said over its answer."""

    question: ClipRecord
    barge_in: ClipRecord | None = None

    @property
    def is_paused(self) -> bool:
        """Whether it is a sentence with a pause inside, that measures who cuts callers off."""
        return bool(self.question.pauses)


async def run(options: PeersOptions) -> Comparison:
    """Raises PeerMissing, SystemFailed, LiveKitMissing, NetworkUnavailable."""
    check_installed(options.systems)
    environment = read_environment()
    scenario = load_scenario("peers").on(options.latencies, options.punctuation)
    steps = first_steps(tuple(steps_of(scenario.clips)), options.questions)
    tallies = {name: Tally() for name in options.systems}
    async with AsyncExitStack() as stack:
        place = stack.enter_context(network(options.network))
        system = await stack.enter_async_context(scripted_system(scenario, place))
        contenders = {
            name: await stack.enter_async_context(contender(name, system, scenario))
            for name in options.systems
        }
        for number in range(rounds(options, sum(not step.is_paused for step in steps))):
            for name, started in contenders.items():
                talk = Talk(tallies[name], number, options.warm_up)
                await talk.hold(started.open_call, steps)
    settings = _settings(options, scenario)
    return Comparison(
        benchmark="peers",
        ours=NAMES[0],
        systems={n: tally.result("peers", settings, environment) for n, tally in tallies.items()},
        settings=settings,
        environment=environment,
    )


def steps_of(clips: tuple[ClipRecord, ...]) -> Iterator[Step]:
    """A clip of the kind `barge_in` is spoken over the answer to the question before it."""
    for record, follower in zip(clips, (*clips[1:], None), strict=True):
        if record.kind != "barge_in":
            is_broken_into = follower is not None and follower.kind == "barge_in"
            yield Step(record, follower if is_broken_into else None)


def first_steps(steps: tuple[Step, ...], questions: int | None) -> tuple[Step, ...]:
    """All up to that many questions, those with a pause among them not counted."""
    plain = [index for index, step in enumerate(steps) if not step.is_paused]
    return steps if questions is None or questions >= len(plain) else steps[: plain[questions]]


def rounds(options: PeersOptions, steps: int) -> int:
    """Calls that each system gets, with so many plain questions; one's first ones warm up."""
    return -(-options.turns // (steps - options.warm_up))


@dataclass
class Talk:
    """One call with one system. `number`: the round it belongs to."""

    tally: Tally
    number: int
    warm_up: int

    async def hold(self, open_call: OpenCall, steps: tuple[Step, ...]) -> None:
        """One that breaks off is an error in the tally."""
        chance = random.Random(self.number)
        try:
            async with open_call() as caller:
                await self._hear_greeting(caller)
                for index, step in enumerate(steps):
                    await asyncio.sleep(chance.uniform(*_THINK_S))
                    await self._take(caller, step, chance, is_warm_up=index < self.warm_up)
        except CallerError as exc:
            self.tally.errors[f"call broke off: {exc}"] += 1

    async def _hear_greeting(self, caller: Caller) -> None:
        since = caller.connect_started_at or 0.0
        onset = await hear_onset(caller, since)
        if onset is None:
            raise CallerError("no greeting")
        self.tally.add(GREETING_METRIC, (onset - since) * 1000)
        await hear_out(caller, _OVER_S)

    async def _take(
        self, caller: Caller, step: Step, chance: random.Random, *, is_warm_up: bool
    ) -> None:
        """Whatever comes of it, both clips are spoken: the recogniser hears them in this order."""
        if step.is_paused:
            await self._pause(caller, step.question)
            await hear_out(caller, _OVER_S)
            return
        try:
            answer = await ask(caller, read(step.question))
            self._note(step.question, answer, is_warm_up=is_warm_up)
        except NotMeasured as exc:
            exc.note(self.tally)
        if step.barge_in is not None:
            await asyncio.sleep(chance.uniform(*_LISTEN_S))
            try:
                answer = await break_in(caller, read(step.barge_in))
                self._note(step.barge_in, answer, is_warm_up=is_warm_up)
            except NotMeasured as exc:
                exc.note(self.tally)
                await hear_out(caller, _CALM_S)
        await hear_out(caller, _OVER_S)

    async def _pause(self, caller: Caller, record: ClipRecord) -> None:
        """A sentence with a pause inside: what sounded in it, and the dead air at its true end."""
        span = await caller.play(read(record))
        sound = caller.agent_sound
        if not sound.is_sounding(span.last_speech_at, PAUSE_GAP_S):
            if await hear_onset(caller, span.last_speech_at) is None:
                self.tally.errors["no answer to a sentence with a pause"] += 1
                return
            await hear_out(caller, _OVER_S)
        sounds = sound.spans(PAUSE_GAP_S, since=span.first_speech_at)
        heard = read_pauses(record, span, sounds)
        for pause in heard:
            self.tally.count(f"{CUT_OFFS}, {pause.pause.kind}", pause.is_cut_off)
            if pause.is_cut_off:
                self.tally.count(SOON_SILENT, pause.heard_ms < TAKEN_BACK_MS)
        self.tally.add(DEAD_AIR_METRIC, dead_air_ms(span, sounds))
        row = {"clip": record.file, "call": self.number}
        self.tally.turns.append({**row, "cut_off_ms": [round(p.heard_ms, 1) for p in heard]})

    def _note(self, clip: ClipRecord, answer: Answer, *, is_warm_up: bool) -> None:
        metric = HEADLINE_METRIC if answer.stop_ms is None else AFTER_METRIC
        row = {"clip": clip.file, "call": self.number, metric: round(answer.took_ms, 1)}
        if answer.stop_ms is not None:
            row[BARGE_IN_METRIC] = round(answer.stop_ms, 1)
        self.tally.turns.append(row)
        if is_warm_up:
            self.tally.add_warm_up(metric, answer.took_ms)
            return
        if answer.fault is not None:
            self.tally.discards[answer.fault] += 1
            return
        self.tally.add(metric, answer.took_ms)
        if answer.stop_ms is not None:
            self.tally.add(BARGE_IN_METRIC, answer.stop_ms)


def _settings(options: PeersOptions, scenario: Scenario) -> dict[str, object]:
    return {
        "turns": options.turns,
        "warm_up": options.warm_up,
        "systems": list(options.systems),
        "profile": options.profile,
        "punctuation": options.punctuation,
        "network": options.network,
        "session": scenario.session,
        "sandbox": scenario.sandbox,
    }


def parse_options(argv: list[str] | None = None) -> PeersOptions:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--turns", type=int, default=100, help="questions a system, at least")
    parser.add_argument("--questions", type=int, help="questions a call (all of the scenario's)")
    parser.add_argument("--warm-up", type=int, default=1, help="first questions of each call")
    parser.add_argument(
        "--systems", default=",".join(NAMES), help=f"some of {','.join(NAMES)}, in turn"
    )
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    parser.add_argument("--html", type=Path, metavar="OUT.html", help="the report, one file")
    add_conditions(parser)
    args = parser.parse_args(argv)
    systems = tuple(args.systems.split(","))
    if unknown := set(systems) - set(NAMES):
        parser.error(f"--systems: {', '.join(sorted(unknown))} is none of {', '.join(NAMES)}")
    if args.questions is not None and args.questions <= args.warm_up:
        parser.error("--questions: one at least must count beside those that warm up")
    return PeersOptions(
        turns=args.turns,
        questions=args.questions,
        warm_up=args.warm_up,
        systems=systems,
        latencies=read_latencies(args),
        profile=args.profile,
        punctuation=args.punctuation,
        network=args.network,
        json=args.json,
        html=args.html,
    )


def main() -> int:
    options = parse_options()
    try:
        comparison = asyncio.run(run(options))
    except (PeerMissing, SystemFailed, LiveKitMissing, NetworkUnavailable) as exc:
        print(exc, file=sys.stderr)
        return 2
    print(comparison.table())
    if options.json:
        comparison.write(options.json)
    if options.html:
        write_report(
            options.html,
            "Vaarta beside its peers",
            comparison.systems,
            comparison.settings,
            comparison.environment,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
