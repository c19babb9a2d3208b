import json
import stat
from pathlib import Path

import pytest

from cli.dev import livekit
from cli.dev.livekit_server import IMAGE, LiveKitProgram, find
from cli.dev.part import StartError

PLAN = livekit.LiveKitPlan(port=7880, udp_port=7882, api_key="devkey", api_secret="s" * 32)


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_everything_listens_on_loopback_only() -> None:
    config = livekit.config(PLAN)
    assert config["bind_addresses"] == ["127.0.0.1"]
    assert config["rtc"]["tcp_port"] == 0
    assert config["rtc"]["enable_loopback_candidate"] is True
    assert len(config["rtc"]["interfaces"]["includes"]) == 1


def test_clients_are_not_sent_to_public_stun_servers() -> None:
    assert config_hosts(livekit.config(PLAN)["rtc"]["stun_servers"]) == {"127.0.0.1"}


def config_hosts(addresses: list[str]) -> set[str]:
    return {address.rpartition(":")[0] for address in addresses}


def test_the_file_holds_the_secret_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "livekit.json"
    livekit.write_config(path, PLAN)
    assert json.loads(path.read_text())["keys"] == {"devkey": "s" * 32}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_container_publishes_its_ports_on_loopback_only() -> None:
    in_docker = LiveKitProgram("docker", "Docker", is_container=True)
    argv = livekit.part(in_docker, PLAN, Path("/d/livekit.json"), {}).argv
    published = [argv[i + 1] for i, word in enumerate(argv) if word == "--publish"]
    assert published == ["127.0.0.1:7880:7880", "127.0.0.1:7882:7882/udp"]
    assert IMAGE in argv


def test_the_named_program_comes_first(tmp_path: Path) -> None:
    named, on_path = program(tmp_path / "mine"), program(tmp_path / "path" / "livekit-server")
    env = {"LIVEKIT_SERVER_BIN": str(named), "PATH": str(on_path.parent)}
    assert find(env, tmp_path) == LiveKitProgram(str(named), "LIVEKIT_SERVER_BIN")


def test_path_comes_before_the_built_one(tmp_path: Path) -> None:
    on_path = program(tmp_path / "path" / "livekit-server")
    built = program(tmp_path / "bin" / "livekit-server")
    assert find({"PATH": str(on_path.parent)}, tmp_path) == LiveKitProgram(str(on_path), "PATH")
    assert find({"PATH": ""}, tmp_path) == LiveKitProgram(str(built), str(built))


def test_a_named_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="LIVEKIT_SERVER_BIN"):
        find({"LIVEKIT_SERVER_BIN": str(tmp_path / "none")}, tmp_path)


def test_nothing_anywhere_means_it_has_to_be_built(tmp_path: Path) -> None:
    assert find({"PATH": ""}, tmp_path) is None
