"""Every clip of the scenario under every policy."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from benchmarks.result import read_environment
from benchmarks.scenario import Scenario, utterance_of
from benchmarks.sweep.heard import HeardClip, hear_call
from benchmarks.sweep.policies import Policy, policies
from benchmarks.sweep.replay import Providers, replay
from benchmarks.sweep.result import SweepPoint, SweepResult, make_point
from sandbox.script import SttScript
from sandbox.scripted.broken_off import BrokenOff

DRAWS: Final = 5


def run_sweep(scenario: Scenario, chosen: Iterable[Policy] | None = None) -> SweepResult:
    """On the scenario's clips and latencies; all policies where none are chosen."""
    environment = read_environment()
    clips = hear_call(scenario.clips)
    providers = _providers(scenario)
    points = [_measure(policy, clips, providers) for policy in chosen or policies()]
    settings = {"clips": [clip.record.file for clip in clips], "sandbox": scenario.sandbox}
    return SweepResult("turn_taking, sweep", points, settings, environment)


def _measure(policy: Policy, clips: list[HeardClip], providers: Providers) -> SweepPoint:
    stt = replace(providers.stt, punctuation=policy.punctuation)
    kinds = [[pause.kind for pause in clip.record.pauses] for clip in clips]
    outcomes = [
        of
        for broken_off in _models(policy.told_rightly, clips)
        for of in replay(
            clips, policy.endpointing, replace(providers, stt=stt, broken_off=broken_off)
        )
    ]
    n_times = len(outcomes) // len(clips)
    return make_point(policy, list(zip(kinds * n_times, outcomes, strict=True)))


def _models(right_percent: int | None, clips: list[HeardClip]) -> list[BrokenOff | None]:
    """One that errs, in several draws: which texts it errs about would be luck."""
    if right_percent is None:
        return [None]
    n_draws = 1 if right_percent == 100 else DRAWS
    said = [utterance_of(clip.record) for clip in clips]
    return [BrokenOff(said, right_percent, seed) for seed in range(n_draws)]


def _providers(scenario: Scenario) -> Providers:
    """The scenario's; the first clause of a reply is two words: "Of course."."""
    stt, chat, tts = (scenario.sandbox.get(name, {}) for name in ("stt", "chat", "tts"))
    named = {name: value for name, value in stt.items() if name.endswith("latency_ms")}
    return Providers(
        stt=SttScript(**named),
        first_token_s=chat["first_token_ms"] / 1000,
        clause_s=1 / chat["tokens_per_s"],
        first_byte_s=tts["first_byte_ms"] / 1000,
    )
