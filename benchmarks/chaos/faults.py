"""Every fault by name, with what its figure means and what is asked of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.chaos import (
    database_faults,
    model_faults,
    room_faults,
    speech_faults,
    worker_faults,
)
from benchmarks.chaos.stage import Stage
from benchmarks.chaos.trial import Trial

HEARD_AGAIN: Final = "heard again"
LONGEST_WAIT: Final = "longest wait for an answer"
LATER: Final = "later than usual"
HOLE: Final = "longest hole in the answer"
NEXT_HOST: Final = "next host's first sound"
BACK_OR_ENDED: Final = "talking again or ended"
BACK: Final = "talking again after its return"
ENDED: Final = "session ended"


@dataclass(frozen=True)
class Fault:
    """`figure`: what each trial takes; `target_ms`: what its p95 may be. Some happen on islands."""

    name: str
    told: str
    strike: Callable[[Stage, Trial], Awaitable[None]]
    figure: str
    target_ms: int
    needs_islands: bool = False


_ALL: Final = (
    Fault("worker-tree", "worker killed (tree)", worker_faults.kill_tree, HEARD_AGAIN, 5000),
    Fault(
        "worker-parent", "worker killed (parent only)", worker_faults.kill_parent, HEARD_AGAIN, 5000
    ),
    Fault("worker-job", "worker killed (job only)", worker_faults.kill_job, HEARD_AGAIN, 5000),
    Fault(
        "worker-stopped",
        "worker stopped 30 s, then continued",
        worker_faults.stop_and_wake,
        *(HEARD_AGAIN, 5000),
    ),
    Fault(
        "worker-without-postgres",
        "worker cut off from Postgres 60 s",
        database_faults.cut_off_worker,
        *(LONGEST_WAIT, 1500),
    ),
    Fault(
        "worker-without-livekit",
        "worker cut off from LiveKit",
        worker_faults.cut_off_from_livekit,
        *(HEARD_AGAIN, 5000),
        needs_islands=True,
    ),
    Fault("drain", "drain", worker_faults.drain, LATER, 1000),
    Fault("rolling-deploy", "rolling deploy, 4 sessions", worker_faults.roll, LATER, 1000),
    Fault(
        "postgres-away", "Postgres away 60 s, 4 sessions", database_faults.away, LONGEST_WAIT, 1500
    ),
    Fault(
        "postgres-read-only",
        "Postgres read-only 10 s",
        database_faults.read_only,
        *(LONGEST_WAIT, 1500),
    ),
    Fault(
        "postgres-backends",
        "Postgres backends terminated",
        database_faults.cut_all,
        *(LONGEST_WAIT, 1500),
    ),
    Fault(
        "recognition-cut", "recognition cut mid-word", speech_faults.cut_recognition, LATER, 1500
    ),
    Fault("recognition-mute", "recognition mute", speech_faults.mute_recognition, LATER, 6000),
    Fault("voice-cut", "voice cut mid-sentence", speech_faults.cut_voice, HOLE, 1000),
    Fault("model-stalled", "model stalled", model_faults.stall, NEXT_HOST, 2000),
    Fault("model-empty", "model empty", model_faults.be_empty, NEXT_HOST, 2000),
    Fault("model-error", "model answers 500", model_faults.err, NEXT_HOST, 2000),
    Fault("model-slow", "model's first token late", model_faults.be_slow, NEXT_HOST, 2000),
    Fault(
        "livekit-restarted",
        "livekit-server restarted",
        room_faults.restart_server,
        *(BACK_OR_ENDED, 30_000),
    ),
    Fault(
        "caller-away",
        "caller's network away 10 s",
        room_faults.lose_network,
        *(BACK, 5000),
        needs_islands=True,
    ),
    Fault("leave", "caller leaves", room_faults.leave, ENDED, 2000),
    Fault("quick-leave", "caller leaves after 300 ms", room_faults.leave_quickly, ENDED, 2000),
)
FAULTS: Final = {fault.name: fault for fault in _ALL}
