"""`python -m agent`: the worker. Exits with 2 when the settings do not hold together."""

import asyncio
import logging
import os
import sys
import tempfile
from pathlib import Path

# Libraries read these when they are imported: the audio end-of-turn model (300 MB) is not used,
# nor is the monitor that wakes idle processes; metrics of all processes meet in one folder.
os.environ.setdefault("LIVEKIT_AGENTS_PRELOAD_LOCAL_INFERENCE", "0")
os.environ.setdefault("LIVEKIT_AGENTS_LOOP_BLOCK_WARN_MS", "0")


def main() -> int:
    """Serve until a signal."""
    with tempfile.TemporaryDirectory(prefix="vaarta-worker-") as folder:
        shared = Path(folder)
        (shared / "metrics").mkdir()
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(shared / "metrics")
        from agent.worker.gate import Gate
        from agent.worker.server import build_server, serve
        from core.catalog import Catalog
        from core.errors import ConfigError
        from core.log import configure_logging
        from core.settings import Settings

        try:
            settings = Settings.from_env(os.environ)
            catalog = Catalog.load(settings.catalog_file)
        except ConfigError as exc:
            print(exc, file=sys.stderr)  # noqa: T201
            return 2
        configure_logging(settings.app.log_level)
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        gate = Gate(settings)
        server = build_server(settings, catalog, shared, gate)
        asyncio.run(serve(server, settings, catalog, shared, gate))
    return 0


if __name__ == "__main__":
    sys.exit(main())
