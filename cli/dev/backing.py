"""What the API and the worker lean on: Postgres, LiveKit, the providers' stand-ins."""

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cli.dev import livekit, livekit_server, postgres
from cli.dev.launch import Launch
from cli.dev.part import PartSpec, StartError
from cli.dev.ports import LOOPBACK
from cli.dev.probe import accepts, answers
from core.setting_groups import LiveKitSettings

POSTGRES_READY_S: Final = 60.0  # a recovery after an unclean end may take a while
LIVEKIT_READY_S: Final = 30.0
LIVEKIT_IMAGE_READY_S: Final = 600.0  # the image may have to be pulled first
SANDBOX_READY_S: Final = 120.0


@dataclass(frozen=True)
class LiveKitAddress:
    """A LiveKit server as the API and the worker are told of it."""

    url: str
    api_key: str
    api_secret: str = field(repr=False)

    @property
    def env(self) -> dict[str, str]:
        return {
            "LIVEKIT_URL": self.url,
            "LIVEKIT_API_KEY": self.api_key,
            "LIVEKIT_API_SECRET": self.api_secret,
        }


async def start_postgres(launch: Launch) -> str:
    """The embedded one, or the one that DATABASE_URL names; gives the DSN."""
    if given := launch.given.get("DATABASE_URL"):
        launch.log.write("postgres", "using the one that DATABASE_URL names")
        return given
    port = launch.tcp_port("postgres", "", 5432)
    cluster = postgres.Cluster(launch.data_dir / "postgres", port)
    await postgres.prepare(cluster, launch.supervisor, launch.given)
    server = await launch.supervisor.start(postgres.part(cluster, launch.given))
    version = await launch.supervisor.ready(
        server, lambda: postgres.ready_version(cluster), POSTGRES_READY_S
    )
    launch.ready("postgres", f"PostgreSQL {version} at {LOOPBACK}:{port}")
    return cluster.dsn


async def start_livekit(launch: Launch) -> LiveKitAddress:
    """The local one, found or built, or the one that LIVEKIT_URL names."""
    if url := launch.given.get("LIVEKIT_URL"):
        if not await accepts(url):
            raise StartError(f"LIVEKIT_URL: nobody answers at {url}")
        launch.ready("livekit", "the one that LIVEKIT_URL names")
        settings = LiveKitSettings.model_validate(launch.given)
        return LiveKitAddress(url, settings.api_key, settings.api_secret.get_secret_value())
    program = await livekit_server.find_or_build(
        launch.given,
        launch.data_dir,
        supervisor=launch.supervisor,
        say=launch.sayer("livekit"),
    )
    plan = livekit.LiveKitPlan(
        port=launch.tcp_port("livekit", "", 7880),
        udp_port=launch.ports.udp("livekit media", 7882),
        api_key=launch.state.livekit_api_key,
        api_secret=launch.state.livekit_api_secret,
    )
    config_file = launch.data_dir / "livekit.json"
    livekit.write_config(config_file, plan, in_container=program.is_container)
    server = await launch.supervisor.start(livekit.part(program, plan, config_file, launch.given))
    timeout_s = LIVEKIT_IMAGE_READY_S if program.is_container else LIVEKIT_READY_S
    await launch.supervisor.ready(server, lambda: answers(plan.probe_url), timeout_s)
    launch.ready("livekit", f"{plan.url} ({program.found})")
    return LiveKitAddress(plan.url, plan.api_key, plan.api_secret)


async def start_sandbox(launch: Launch, port: int) -> None:
    """The stand-ins on `port`; returns when they serve. What another run's voices have said is
    forgotten: they may be others now."""
    ready_file = launch.data_dir / "sandbox.json"
    ready_file.unlink(missing_ok=True)
    shutil.rmtree(launch.data_dir / "repertoire", ignore_errors=True)
    script = launch.options.script
    behaviour = ("--engines",) if script is None else ("--script", str(script))
    argv = (
        *(sys.executable, "-m", "sandbox", "--host", LOOPBACK, "--port", str(port)),
        *("--ready-file", str(ready_file), *behaviour),
    )
    spec = PartSpec(name="sandbox", argv=argv, env=launch.given)
    sandbox = await launch.supervisor.start(spec)

    async def check() -> str | None:
        return _ready_url(ready_file)

    url = await launch.supervisor.ready(sandbox, check, SANDBOX_READY_S)
    what = "engines on this machine" if script is None else f"script {script.name}"
    launch.ready("sandbox", f"{url} ({what})")


def _ready_url(ready_file: Path) -> str | None:
    try:
        return str(json.loads(ready_file.read_text())["http_url"])
    except FileNotFoundError:
        return None
