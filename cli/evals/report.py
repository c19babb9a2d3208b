"""A suite's results for people, for a pipeline (JUnit XML) and as one page that loads nothing."""

from collections.abc import Sequence
from html import escape
from typing import Any, Final
from xml.etree import ElementTree

from cli.caller.printout import text_table
from cli.evals.outcome import CaseResult, SuiteResult, Try

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color-scheme: light dark; background: Canvas; color: CanvasText }
table { border-collapse: collapse; width: 100% }
td, th { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid GrayText }
td.n { font-variant-numeric: tabular-nums }
details { margin: .4rem 0 } pre { white-space: pre-wrap; margin: .3rem 0 1rem 1.2rem }
.green { color: #18794e } .red { color: #cd2b31 }
@media (prefers-color-scheme: dark) { .green { color: #4cc38a } .red { color: #ff6369 } }
"""


def table(result: SuiteResult) -> str:
    """For a terminal: a row a case, below them what failed."""
    rows = [["case", "right", "needed", "first audio ms", ""]]
    for case in result.cases:
        right = f"{case.n_right} of {len(case.tries)}"
        rows.append([case.name, right, str(case.needed), _waits(case), _mark(case)])
    lines = [text_table(rows)]
    for case in result.cases:
        for number, one in enumerate(case.tries, start=1):
            lines += [f"{case.name}, try {number}: {line}" for line in one.failures]
    return "\n".join(lines)


def as_json(result: SuiteResult) -> dict[str, Any]:
    """The same as data."""
    return {
        "suite": result.name,
        "passed": result.is_green,
        "cases": [
            {
                "name": case.name,
                "passed": case.is_green,
                "needed": case.needed,
                "tries": [
                    {
                        "passed": one.is_right,
                        "failures": list(one.failures),
                        "session_id": one.session_id,
                        "took_s": round(one.took_s, 3),
                        "first_audio_ms": list(one.first_audio_ms),
                    }
                    for one in case.tries
                ],
            }
            for case in result.cases
        ],
    }


def junit(result: SuiteResult) -> str:
    """JUnit's XML: a `testcase` a case, its `failure` says what each try lacked."""
    suite = ElementTree.Element(
        "testsuite",
        name=_printable(result.name),
        tests=str(len(result.cases)),
        failures=str(sum(not case.is_green for case in result.cases)),
        time=f"{sum(one.took_s for case in result.cases for one in case.tries):.3f}",
    )
    for case in result.cases:
        took_s = sum(one.took_s for one in case.tries)
        told = ElementTree.SubElement(
            suite,
            "testcase",
            classname=_printable(result.name),
            name=_printable(case.name),
            time=f"{took_s:.3f}",
        )
        if not case.is_green:
            message = f"{case.n_right} of {len(case.tries)} tries, {case.needed} needed"
            failure = ElementTree.SubElement(told, "failure", message=message)
            failure.text = "\n".join(_printable(line) for line in _failures(case))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def html(result: SuiteResult) -> str:
    """A page with each try's transcript."""
    colour, word = ("green", "passed") if result.is_green else ("red", "failed")
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(result.name)}: {word}</title><style>{_STYLE}</style></head><body>",
        f'<h1>{escape(result.name)}: <span class="{colour}">{word}</span></h1>',
        "<table><thead><tr><th>case<th>right<th>needed<th>first audio, ms<th></tr></thead><tbody>",
        *(_row(case) for case in result.cases),
        "</tbody></table>",
        *(_case(case) for case in result.cases),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _row(case: CaseResult) -> str:
    colour = "green" if case.is_green else "red"
    figures = (f"{case.n_right} of {len(case.tries)}", str(case.needed), _waits(case))
    cells = "".join(f"<td class=n>{one}" for one in figures)
    return f'<tr><td>{escape(case.name)}{cells}<td class="{colour}">{_mark(case)}</tr>'


def _case(case: CaseResult) -> str:
    tries = [_try(number, one) for number, one in enumerate(case.tries, start=1)]
    return f"<h2>{escape(case.name)}</h2>" + "".join(tries)


def _try(number: int, one: Try) -> str:
    colour, word = ("green", "right") if one.is_right else ("red", "wrong")
    failures = "".join(f"<li>{escape(line)}" for line in one.failures)
    session = f", session {escape(one.session_id)}" if one.session_id else ""
    is_open = "" if one.is_right else " open"
    return (
        f'<details{is_open}><summary>Try {number}: <span class="{colour}">{word}</span>'
        f"{session}</summary><ul>{failures}</ul><pre>{escape(one.transcript)}</pre></details>"
    )


def _failures(case: CaseResult) -> Sequence[str]:
    return [
        f"try {number}: {line}"
        for number, one in enumerate(case.tries, start=1)
        for line in one.failures
    ]


def _waits(case: CaseResult) -> str:
    """The middle one of all that were measured."""
    waits = sorted(wait for one in case.tries for wait in one.first_audio_ms)
    return str(waits[len(waits) // 2]) if waits else "-"


def _mark(case: CaseResult) -> str:
    return "passed" if case.is_green else "FAILED"


def _printable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(c if c.isprintable() else " " for c in text)
