"""What every part's start has in common."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.dev.console_log import ConsoleLog
from cli.dev.ports import PortPicker
from cli.dev.state import DevState
from cli.dev.supervisor import Supervisor


@dataclass(frozen=True)
class DevOptions:
    """The command line. `script` None: the sandbox runs its engines."""

    data_dir: Path
    ready_file: Path | None = None
    script: Path | None = None
    workers: int = 1
    ports: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Launch:
    """One run. `given` is the environment over `.env`, as the command found it."""

    options: DevOptions
    given: Mapping[str, str] = field(repr=False)
    state: DevState
    supervisor: Supervisor
    ports: PortPicker
    log: ConsoleLog
    began_at: float = field(default_factory=time.monotonic)

    @property
    def data_dir(self) -> Path:
        return self.options.data_dir

    def tcp_port(self, part: str, setting: str, usual: int) -> int:
        """The port from the option, else from the setting, else the usual one; free for sure."""
        wanted = self.options.ports.get(part, int(self.given.get(setting) or usual))
        return self.ports.tcp(part, wanted)

    def ready(self, part: str, what: str) -> None:
        """The one line that tells that a part can be used, with the seconds since the start."""
        self.log.write(part, f"ready: {what} ({time.monotonic() - self.began_at:.1f} s)")

    def sayer(self, part: str) -> Callable[[str], None]:
        """Says lines in the part's name."""
        return lambda line: self.log.write(part, line)
