"""False cut-offs by kind and length of pause: a small map, darker where more were cut off."""

from collections.abc import Mapping
from html import escape

from benchmarks.report.tables import table
from benchmarks.stats import Share


def pause_map(shares: Mapping[str, Share]) -> str:
    """Of the shares named `metric, kind, N ms`; "" where there are none."""
    cells = {(kind, length): share for name, share in shares.items() for kind, length in _key(name)}
    if not cells:
        return ""
    lengths = sorted({length for _, length in cells})
    kinds = list(dict.fromkeys(kind for kind, _ in cells))
    rows = [
        [escape(kind), *(_cell(cells.get((kind, length))) for length in lengths)] for kind in kinds
    ]
    return table(["words so far", *(f"{length} ms" for length in lengths)], rows)


def _key(name: str) -> list[tuple[str, int]]:
    parts = name.split(", ")
    if len(parts) != 3 or not parts[2].endswith(" ms"):
        return []
    return [(parts[1], int(parts[2].removesuffix(" ms")))]


def _cell(share: Share | None) -> str:
    if share is None:
        return ""
    tint = f"--share:{share.percent or 0:g}%"
    return f'<span class="heat" style="{tint}">{share.hits} of {share.of}</span>'
