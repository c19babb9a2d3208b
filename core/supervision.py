"""Background tasks, each with an owner that notices its end.

    kept_up        lives as long as its block: an end that nobody asked for is told, and it is
                   started again, later each time, until it has run well for a while
    Tasks.owned    belong to something, a session or a request: such an end is told, and whoever
                   owns them ends what they belong to
    look_again     what many of the kept up ones do: a look, a rest, and so on
    Health         which of the kept up ones are down right now

To be told is one log line and one count. Leaving a block cancels and waits, but never for ever:
what does not end in time is named (`task.hung`) and left behind.
"""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

from core.errors import VaartaError
from core.metrics import TASK_LOOKED, TASKS_DOWN, TASKS_ENDED

_log: Final = logging.getLogger(__name__)

STOP_S: Final = 5.0
"""How long a task that was cancelled may take to tidy up."""
_FRAMES_SHOWN: Final = 8


class Health:
    """Which of a process's tasks are down right now."""

    def __init__(self) -> None:
        self._down: set[_KeptUp] = set()

    @property
    def down(self) -> Sequence[str]:
        """The names of the tasks that ended and have not run well since."""
        return sorted({one.name for one in self._down})

    def _fell(self, task: "_KeptUp") -> None:
        self._down.add(task)
        TASKS_DOWN.labels(task.name).set(1)

    def _rose(self, task: "_KeptUp") -> None:
        self._down.discard(task)
        TASKS_DOWN.labels(task.name).set(0)


@dataclass(frozen=True, slots=True)
class BackOff:
    """When a task that ended is started again: waits double from the first to the longest.

    One that then outlasts its wait is up again; one that lasts `settled_s` begins anew.
    """

    first_s: float = 0.5
    longest_s: float = 30.0
    settled_s: float = 60.0

    def after(self, last_s: float | None, ran_s: float) -> float:
        """The wait after a run of `ran_s`, itself begun after `last_s`, None for the first."""
        if last_s is None or ran_s >= self.settled_s:
            return self.first_s
        return min(2 * last_s, self.longest_s)


@asynccontextmanager
async def kept_up(
    name: str,
    work: Callable[[], Awaitable[None]],
    *,
    health: Health | None = None,
    back_off: BackOff = BackOff(),
    stop_s: float = STOP_S,
) -> AsyncIterator[None]:
    """Run `work()` in the background for as long as the block lasts, whatever becomes of it.

    Its returning counts as an unasked end too. `name` is fixed and few: it labels a metric.
    """
    task = _KeptUp(name, work, health or Health(), back_off)
    task.start()
    try:
        yield
    finally:
        await task.stop(stop_s)


class _KeptUp:
    """One task after the other, each started by the end of the one before."""

    def __init__(
        self, name: str, work: Callable[[], Awaitable[None]], health: Health, back_off: BackOff
    ) -> None:
        self.name: Final = name
        self._work = work
        self._health = health
        self._back_off = back_off
        self._loop = asyncio.get_running_loop()
        self._wait_s: float | None = None
        self._started_at = 0.0
        self._task: asyncio.Task[None]
        self._timers: list[asyncio.TimerHandle] = []
        self._is_stopping = False

    def start(self) -> None:
        self._started_at = self._loop.time()
        self._task = asyncio.create_task(self._run(), name=self.name)
        self._task.add_done_callback(self._ended)

    async def stop(self, within_s: float) -> None:
        self._is_stopping = True
        self._drop_timers()
        self._health._rose(self)
        await stop_tasks([self._task], within_s=within_s)

    async def _run(self) -> None:
        await self._work()

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = _error_of(task)
        if self._is_stopping and (error is None or task.cancelled()):
            return
        tell_end(self.name, error)
        if not self._is_stopping:
            self._start_later()

    def _start_later(self) -> None:
        self._drop_timers()
        self._health._fell(self)
        ran_s = self._loop.time() - self._started_at
        self._wait_s = self._back_off.after(self._wait_s, ran_s)
        self._timers = [
            self._loop.call_later(self._wait_s, self.start),
            self._loop.call_later(2 * self._wait_s, self._health._rose, self),
        ]

    def _drop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()


def looked(name: str) -> None:
    """A loop of that name is done with a look: by this it is seen when one stands still."""
    TASK_LOOKED.labels(name).set_to_current_time()


@dataclass(frozen=True, slots=True)
class Bears:
    """What a look may raise and be tried again at the next: one line in `log`, called `event`."""

    errors: type[Exception] | tuple[type[Exception], ...]
    log: logging.Logger
    event: str
    level: int = logging.WARNING


async def look_again(
    name: str, look: Callable[[], Awaitable[None]], every_s: float, bears: Bears
) -> None:
    """`look()`, and after a rest the next one, until cancelled. Each that ends well is noted."""
    while True:
        try:
            await look()
            looked(name)
        except bears.errors as exc:
            bears.log.log(bears.level, bears.event, extra={"reason": str(exc)})
        await asyncio.sleep(every_s)


class Tasks:
    """Tasks that belong to one thing and end with it; use `owned`."""

    def __init__(self, on_lost: Callable[[str, BaseException | None], None]) -> None:
        self._on_lost = on_lost
        self._may_return: dict[asyncio.Task[None], bool] = {}
        self._is_stopping = False

    @classmethod
    @asynccontextmanager
    async def owned(
        cls, on_lost: Callable[[str, BaseException | None], None], *, stop_s: float = STOP_S
    ) -> AsyncIterator[Self]:
        """Tasks until the block's end, which stops those that are left.

        `on_lost` gets the name and the error, None for a return, of each that ended unasked: it
        ends what they belong to. It is called in the loop and may be called more than once.
        """
        tasks = cls(on_lost)
        try:
            yield tasks
        finally:
            tasks._is_stopping = True
            await stop_tasks(tasks._may_return, within_s=stop_s)

    def start(
        self, name: str, work: Coroutine[Any, Any, None], *, is_lasting: bool = False
    ) -> asyncio.Task[None]:
        """Run it in the background. A lasting one is not meant to return before the block's end.

        To cancel the task that is returned is to ask for its end; one that is started when the
        block has ended is cancelled at once.
        """
        task = asyncio.create_task(work, name=name)
        self._may_return[task] = not is_lasting
        task.add_done_callback(self._ended)
        if self._is_stopping:
            task.cancel()
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        may_return = self._may_return.pop(task)
        error = _error_of(task)
        if task.cancelled() and (self._is_stopping or task.cancelling()):
            return
        if error is None and (self._is_stopping or may_return):
            return
        tell_end(task.get_name(), error)
        if not self._is_stopping:
            self._on_lost(task.get_name(), error)


async def stop_tasks(tasks: Collection[asyncio.Task[Any]], *, within_s: float = STOP_S) -> None:
    """Cancel all of them and wait for their ends; what takes longer is named and left behind."""
    for task in tasks:
        task.cancel()
    await see_ended(tasks, within_s=within_s)


async def see_ended(tasks: Collection[asyncio.Task[Any]], *, within_s: float = STOP_S) -> None:
    """Wait for the ends of tasks that were told to; what takes longer is named and left behind."""
    if not tasks:
        return
    _, hung = await asyncio.wait(set(tasks), timeout=within_s)
    for task in hung:
        _log.error("task.hung", extra={"task": task.get_name(), "waited_s": within_s})


def tell_end(name: str, error: BaseException | None) -> None:
    """Log and count an end that nobody asked for, None for a return.

    A foreign error's own text stays out: it may quote what people said. Where it was raised does
    not.
    """
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES_SHOWN:] if error else []
    extra = {
        "task": name,
        "error": type(error).__name__ if error else None,
        "reason": str(error) if isinstance(error, VaartaError) else None,
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    _log.error("task.ended", extra=extra)
    TASKS_ENDED.labels(name).inc()


def _error_of(task: asyncio.Task[None]) -> BaseException | None:
    """Why it ended; asking also keeps the loop from complaining that nobody did."""
    return asyncio.CancelledError() if task.cancelled() else task.exception()
