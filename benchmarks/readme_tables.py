"""`python -m benchmarks.readme_tables`: writes the READMEs' tables from `benchmarks/results/`.

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`. A test holds that what
stands there is what this makes.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.barge_in import AFTER_METRIC, LOST_SHARE
from benchmarks.barge_in import METRIC as BARGE_IN_METRIC
from benchmarks.comparison import HEADLINE_METRIC
from benchmarks.field_table import PROFILES
from benchmarks.kept_result import RESULTS_DIR, KeptResult, KeptSystem
from benchmarks.peer_calls import NAMES
from benchmarks.spending import FIELDS
from benchmarks.turn_taking import CUT_OFFS, TAKEN_BACK
from sandbox.scripted.punctuation import HABITS

_ROOT: Final = Path(__file__).parent.parent
READMES: Final = (_ROOT / "README.md", _ROOT / "benchmarks" / "README.md")
_TABLE: Final = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)

Row = Sequence[str]
Results = Mapping[str, KeptResult]


def peers_table(results: Results, habits: Sequence[str] = HABITS[:1]) -> str:
    """Everybody's latency, with how often everybody cut the caller off beside it."""
    rows: list[Row] = []
    for name in [f"peers-{profile}-{habit}" for profile in PROFILES for habit in habits]:
        result = results.get(name)
        known = [] if result is None else [s for s in NAMES if s in result.systems]
        rows += [_peer(name, system, result.systems[system]) for system in known if result]
    return _table(
        (
            "providers, full stops",
            "system",
            "question → answer",
            "barge-in → silence",
            "barge-in → answer",
            "cut off after unfinished words",
            "after complete ones",
            "errors",
        ),
        rows,
        results,
    )


def all_peers_table(results: Results) -> str:
    return peers_table(results, HABITS)


def habits_table(results: Results) -> str:
    """Ours under each habit of a recogniser: the latency, and the sentences with a pause."""
    rows: list[Row] = []
    for profile in PROFILES:
        for habit in HABITS:
            latency, pauses = (
                _ours(results.get(f"{kind}-{profile}-{habit}")) for kind in ("latency", "pauses")
            )
            if latency or pauses:
                rows.append(_habit(profile, habit, latency, pauses))
    return _table(
        (
            "providers, full stops",
            "question → answer",
            "cut off after unfinished words",
            "after complete ones",
            "taken back",
            *(f"{kind}, discarded / used" for kind in FIELDS),
        ),
        rows,
        results,
    )


def others_table(results: Results) -> str:
    """Ours over a bad link, and broken into."""
    rows: list[Row] = []
    if lossy := _ours(results.get("latency-field-vendor-lossy")):
        rows.append(
            ("field, 2 % lost, 60 ms of jitter", _ms(lossy, HEADLINE_METRIC), "-", "-", "-")
        )
    for profile in PROFILES:
        if of := _ours(results.get(f"barge_in-{profile}-vendor")):
            figures = (_ms(of, name) for name in (HEADLINE_METRIC, BARGE_IN_METRIC, AFTER_METRIC))
            rows.append((f"{profile}, broken into", *figures, _count(of, LOST_SHARE)))
    head = ("", "question → answer", "barge-in → silence", "barge-in → answer", "words lost")
    return _table(head, rows, results)


TABLES: Final[Mapping[str, Callable[[Results], str]]] = {
    "peers": peers_table,
    "all_peers": all_peers_table,
    "habits": habits_table,
    "others": others_table,
}


def fill(text: str, results: Results) -> str:
    """The text with its tables made anew. Raises KeyError for one that is not known."""
    return _TABLE.sub(lambda m: f"{m[1]}{TABLES[m[2]](results)}{m[3]}", text)


def read_results(folder: Path = RESULTS_DIR) -> Results:
    found = (KeptResult.read(path) for path in sorted(folder.glob("*.json")))
    return {result.part: result for result in found if result is not None}


def _peer(part: str, system: str, of: KeptSystem) -> Row:
    _, profile, habit = part.split("-")
    shown = f"**{system}**" if system == NAMES[0] else system
    timed = (_ms(of, metric) for metric in (HEADLINE_METRIC, BARGE_IN_METRIC, AFTER_METRIC))
    cut_off = (_count(of, f"{CUT_OFFS}, {kind}") for kind in ("unfinished", "complete"))
    return (f"{profile}, {habit}", shown, *timed, *cut_off, str(sum(of.errors.values())))


def _habit(profile: str, habit: str, latency: KeptSystem | None, pauses: KeptSystem | None) -> Row:
    names = (f"{CUT_OFFS}, unfinished", f"{CUT_OFFS}, complete", TAKEN_BACK)
    return (
        f"{profile}, {habit}",
        _ms(latency, HEADLINE_METRIC),
        *(_count(pauses, name) for name in names),
        *(_waste(latency, kind) for kind in FIELDS),
    )


def _ours(result: KeptResult | None) -> KeptSystem | None:
    return None if result is None else result.systems.get(NAMES[0])


def _ms(of: KeptSystem | None, metric: str) -> str:
    summary = None if of is None else of.summary(metric)
    return "-" if summary is None else f"{summary.p50:.0f} / {summary.p95:.0f} ({summary.n})"


def _count(of: KeptSystem | None, name: str) -> str:
    share = None if of is None else of.share(name)
    return "-" if share is None else str(share)


def _waste(of: KeptSystem | None, kind: str) -> str:
    waste = None if of is None else of.waste(kind)
    return "-" if waste is None else str(waste)


def _table(head: Row, rows: Sequence[Row], results: Results) -> str:
    if not rows:
        return "\nNot measured since the stand-ins changed: `python -m benchmarks.field_table`.\n\n"
    lines = [head, ["---"] * len(head), *rows]
    made_of = sorted({result.commit for result in results.values()})
    note = f"Milliseconds, p50 / p95 (n); made of `benchmarks/results/` at {', '.join(made_of)}."
    return "\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + f"\n\n{note}\n\n"


def main() -> None:
    results = read_results()
    for path in READMES:
        text = path.read_text(encoding="utf-8")
        path.write_text(fill(text, results), encoding="utf-8")


if __name__ == "__main__":
    main()
