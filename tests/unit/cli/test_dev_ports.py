import socket
from pathlib import Path

import pytest

from cli.dev import ports
from cli.dev.ports import PortPicker

TCP, UDP = socket.SOCK_STREAM, socket.SOCK_DGRAM


@pytest.fixture(autouse=True)
def reserved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else's reservations."""
    monkeypatch.setattr(ports, "RESERVED", tmp_path / "ports")


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Ports that nobody can bind; port 0 gives 40000, 40001, and so on."""
    occupied: set[int] = set()
    free = iter(range(40_000, 40_100))

    def bind(host: str, port: int, kind: socket.SocketKind) -> int | None:
        if port == 0:
            return next(free)
        return None if port in occupied else port

    monkeypatch.setattr(ports, "_bind", bind)
    return occupied


@pytest.mark.usefixtures("taken")
def test_the_usual_port_is_used_in_silence_when_it_is_free() -> None:
    said: list[str] = []
    assert PortPicker(said.append).tcp("api", 8080) == 8080
    assert said == []


def test_a_taken_port_is_replaced_and_said(taken: set[int]) -> None:
    taken.add(8080)
    said: list[str] = []
    assert PortPicker(said.append).tcp("api", 8080) == 40_000
    assert said == ["port 8080 is taken: api uses 40000"]


@pytest.mark.usefixtures("taken")
def test_any_port_is_no_replacement() -> None:
    said: list[str] = []
    assert PortPicker(said.append).tcp("api", 0) == 40_000
    assert said == []


@pytest.mark.usefixtures("taken")
def test_no_port_is_handed_out_twice() -> None:
    picker = PortPicker(lambda line: None)
    assert picker.tcp("api", 8080) == 8080
    assert picker.tcp("metrics", 8080) == 40_000


@pytest.mark.usefixtures("taken")
def test_tcp_and_udp_may_share_a_number() -> None:
    picker = PortPicker(lambda line: None)
    assert picker.tcp("livekit", 7880) == picker.udp("livekit media", 7880) == 7880


@pytest.mark.usefixtures("taken")
def test_systems_that_start_at_once_get_ports_of_their_own() -> None:
    one, other = PortPicker(lambda line: None), PortPicker(lambda line: None)
    assert one.tcp("worker", 8081) == 8081
    assert other.tcp("worker", 8081) == 40_000
