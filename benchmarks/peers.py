"""Other agents' figures, kept as data, shown beside ours."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.stats import Summary
from cli.caller.printout import text_table

PEERS_FILE: Final = Path(__file__).parent / "peers.toml"


@dataclass(frozen=True)
class PeerFigure:
    """Milliseconds."""

    p50: float
    p95: float
    n: int


@dataclass(frozen=True)
class Peer:
    name: str
    figures: Mapping[str, PeerFigure]


def load_peers(path: Path = PEERS_FILE) -> list[Peer]:
    with path.open("rb") as file:
        entries: list[dict[str, Any]] = tomllib.load(file)["peer"]
    return [
        Peer(entry.pop("name"), {metric: PeerFigure(**of) for metric, of in entry.items()})
        for entry in entries
    ]


def peers_table(metric: str, ours: Summary | None) -> str:
    """Our figure first, then everyone's who has one; "" where nobody has."""
    having = [(peer.name, peer.figures[metric]) for peer in load_peers() if metric in peer.figures]
    if not having:
        return ""
    rows = [[f"{metric}, ms", "n", "p50", "p95", ""]]
    if ours is not None:
        rows.append(["vaarta, this run", str(ours.n), f"{ours.p50:.0f}", f"{ours.p95:.0f}", ""])
    rows += [
        [name, str(figure.n), f"{figure.p50:.0f}", f"{figure.p95:.0f}", "another run and machine"]
        for name, figure in having
    ]
    return text_table(rows)
