"""Letting one fault happen, and what came of it."""

from collections import Counter
from dataclasses import dataclass

from benchmarks.chaos.faults import FAULTS
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trial import Losses, Trial, losses_of


@dataclass(frozen=True)
class Outcome:
    """`is_measured`: the caller heard what the fault waits for, however long it took."""

    is_measured: bool
    losses: Losses
    problems: Counter[str]


async def struck(stage: Stage, fault: str, *, number: int = 0) -> Outcome:
    """The fault at the moment of that number; all is whole and over afterwards.

    Raises `CallerError` when the conversation breaks off.
    """
    trial = Trial(number)
    try:
        await FAULTS[fault].strike(stage, trial)
    finally:
        await stage.settle(trial)
    losses = await losses_of(trial, stage.system.inbox)
    return Outcome(bool(trial.took_ms), losses, +trial.problems)


UNHARMED = Outcome(True, Losses(ends=(1,)), Counter())
"""One session: nothing lost, nothing doubled, one end told."""
