"""The development livekit-server: its configuration and its process."""

import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cli.dev.livekit_server import IMAGE, LiveKitProgram
from cli.dev.part import PartSpec, StopStep
from cli.dev.ports import LOOPBACK

# It waits for participants at the first signal and leaves at the second.
STOP: Final = (StopStep(signal.SIGTERM, 0.5), StopStep(signal.SIGTERM, 2.0))
# Nobody listens there. Without a STUN server of ours clients are told to ask public ones.
NO_STUN: Final = f"{LOOPBACK}:9"


@dataclass(frozen=True)
class LiveKitPlan:
    """What the server is started with."""

    port: int
    udp_port: int
    api_key: str
    api_secret: str

    @property
    def url(self) -> str:
        return f"ws://{LOOPBACK}:{self.port}"

    @property
    def probe_url(self) -> str:
        """Answers 200 once the server is up."""
        return f"http://{LOOPBACK}:{self.port}"


def config(plan: LiveKitPlan, *, in_container: bool = False) -> dict[str, Any]:
    """The configuration file's content: loopback only, one UDP port, no TCP for media.

    The media TCP port would listen on every address whatever `bind_addresses` says, and on one
    machine UDP always gets through.
    """
    rtc: dict[str, Any] = {
        "udp_port": plan.udp_port,
        "tcp_port": 0,
        "use_external_ip": False,
        "node_ip": LOOPBACK,
        "stun_servers": [NO_STUN],
    }
    if not in_container:
        loopback = "lo0" if sys.platform == "darwin" else "lo"
        rtc |= {"enable_loopback_candidate": True, "interfaces": {"includes": [loopback]}}
    return {
        "port": plan.port,
        "bind_addresses": ["0.0.0.0" if in_container else LOOPBACK],  # noqa: S104
        "rtc": rtc,
        "keys": {plan.api_key: plan.api_secret},
        "logging": {"level": "warn", "json": True},
    }


def write_config(path: Path, plan: LiveKitPlan, *, in_container: bool = False) -> None:
    """JSON, which is YAML too. Readable by the owner only: it holds the secret."""
    path.touch(mode=0o600)
    path.write_text(json.dumps(config(plan, in_container=in_container), indent=2))


def part(
    program: LiveKitProgram, plan: LiveKitPlan, config_file: Path, env: Mapping[str, str]
) -> PartSpec:
    """The process; in a container its two ports are published on loopback only."""
    argv: tuple[str, ...] = (program.path, "--config", str(config_file))
    if program.is_container:
        tcp, udp = (f"{LOOPBACK}:{port}:{port}" for port in (plan.port, plan.udp_port))
        argv = (
            *(program.path, "run", "--rm", "--publish", tcp, "--publish", f"{udp}/udp"),
            *("--volume", f"{config_file}:/livekit.yaml:ro", IMAGE, "--config", "/livekit.yaml"),
        )
    return PartSpec(name="livekit", argv=argv, env=env, stop=STOP)
