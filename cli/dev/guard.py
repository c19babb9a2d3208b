"""The guard: ends the parts of a `vaarta dev` that was killed before it could do so itself.

Runs as a process of its own, in its own session, with the read end of a pipe as standard input.
`vaarta dev` writes the process group of every part it starts, one number a line, the number with a
minus when the part is over, and `done` when it has ended them all. The pipe's end without `done`
means that nobody is left to end them.
Standard library only: it is started by path, isolated, so that it is up in milliseconds.
"""

import os
import signal
import sys
import time

GRACE_S = 4.0
POLL_S = 0.05


def main() -> None:
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # a terminal's Ctrl-C is for `vaarta dev`
    groups: list[int] = []
    for line in sys.stdin:
        if line.strip() == "done":
            return
        number = int(line)
        if number > 0:
            groups.append(number)
        elif -number in groups:
            groups.remove(-number)  # the system may give the number to somebody else
    end_groups(groups, grace_s=GRACE_S)


def end_groups(groups: list[int], *, grace_s: float) -> None:
    """Ask every group to end, wait, then kill what is left, oldest part last."""
    left = [group for group in reversed(groups) if _signal(group, signal.SIGTERM)]
    deadline = time.monotonic() + grace_s
    while left and time.monotonic() < deadline:
        time.sleep(POLL_S)
        left = [group for group in left if _signal(group, 0)]
    for group in left:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    """Whether the group still has a member."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
