import os
import threading

from benchmarks.usage import Ran, memory_of, runs_of, work_between

BEFORE = {(1, 1): Ran("python", 2.0, 100), (1, 2): Ran("encoder", 1.0, 50)}


def test_what_a_thread_ran_before_is_not_counted() -> None:
    after = {(1, 1): Ran("python", 2.5, 110), (1, 2): Ran("encoder", 1.0, 50)}
    work = work_between(BEFORE, after)
    assert (work.cpu_s, work.wakeups) == (0.5, 10)
    assert work.by_thread == {"python": 0.5, "encoder": 0.0}


def test_a_thread_that_began_meanwhile_counts_whole() -> None:
    work = work_between(BEFORE, {**BEFORE, (2, 7): Ran("python", 0.25, 5)})
    assert (work.cpu_s, work.wakeups) == (0.25, 5)


def test_a_living_process_holds_memory_and_its_threads_run() -> None:
    held = memory_of([os.getpid()])
    assert held.rss_mb >= held.pss_mb > 1
    assert held.threads >= 1
    assert (os.getpid(), threading.get_native_id()) in runs_of([os.getpid()])


def test_a_process_that_is_gone_holds_nothing() -> None:
    gone = 2**22 + 1
    assert memory_of([gone]).processes == 0
    assert runs_of([gone]) == {}
