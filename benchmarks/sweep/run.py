"""Every clip of the scenario under every policy."""

from collections.abc import Iterable
from dataclasses import replace

from benchmarks.result import read_environment
from benchmarks.scenario import Scenario
from benchmarks.sweep.heard import HeardClip, hear_call
from benchmarks.sweep.policies import Policy, policies
from benchmarks.sweep.replay import Providers, replay
from benchmarks.sweep.result import SweepPoint, SweepResult, make_point
from sandbox.script import SttScript


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
    heard = replace(providers, stt=stt)
    outcomes = replay(clips, policy.endpointing, heard)
    kinds = [[pause.kind for pause in clip.record.pauses] for clip in clips]
    return make_point(policy, list(zip(kinds, outcomes, strict=True)))


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
