"""The metrics of the worker's parent process, kept while the SDK's server starts: it empties the
folder in which all processes of a worker meet, also of the files into which its own process has
been counting since it was imported."""

import os
from pathlib import Path
from typing import Final

from livekit.agents.telemetry import metrics as sdk_metrics


class OwnMetrics:
    """The files that are in `folder` now, each with a second name in `beside`."""

    def __init__(self, folder: Path, beside: Path) -> None:
        self._folder: Final = folder
        self._beside: Final = beside
        beside.mkdir()
        for file in folder.glob("*.db"):
            os.link(file, beside / file.name)

    def give_back(self) -> None:
        """Put them where they are read, and counted into further."""
        for file in self._beside.glob("*.db"):
            kept = self._folder / file.name
            if not kept.exists():
                os.link(file, kept)


def count_no_processes() -> None:
    """Keep the SDK from counting the worker's processes: twice a second it reads about each of the
    machine's for it."""
    sdk_metrics._update_child_proc_count = lambda: None
