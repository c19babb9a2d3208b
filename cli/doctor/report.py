"""The findings, and a talk, as tables for people."""

from collections.abc import Sequence

from control_api.health.checks.finding import Finding
from control_api.talk.conversation import Talk
from control_api.talk.judging import Judged

HABITS = {
    "sentences": "behind each sentence",
    "end": "only at the end",
    "none": "none",
}
HEAD = ("", "what", "version", "ms", "where", "")


def table(findings: Sequence[Finding]) -> str:
    """One line a finding; the last column is a note, or what to do."""
    rows = [HEAD, *(_row(one) for one in findings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    )


def _row(finding: Finding) -> tuple[str, ...]:
    state = "ok" if finding.is_ok else "FAIL" if finding.is_needed else "away"
    latency = "-" if finding.latency_ms is None else str(finding.latency_ms)
    note = finding.note if finding.is_ok else finding.advice
    return (state, finding.name, finding.version or "-", latency, finding.where, note)


def talk_report(talk: Talk, judged: Judged | None = None) -> str:
    """The stages in the order in which they follow one another, then what was noticed."""
    stages = [
        ("recognition", talk.recognition_ms),
        ("first token", talk.first_token_ms),
        ("voice", talk.voice_ms),
        ("total", talk.total_ms),
    ]
    lines = [
        f"model        {talk.model or '-'}",
        f"heard        {talk.heard or '-'}",
        f"answer       {talk.answer or '-'}",
        *(f"{name:<11}  {'-' if took is None else f'{took} ms'}" for name, took in stages),
        f"full stops   {HABITS.get(talk.punctuation or '', '-')}",
    ]
    advised = list(talk.advice)
    if judged is not None:
        lines.append(f"broken off   {judged.n_right} of {judged.n} told rightly")
        lines += [f"told wrong   {text}" for text in judged.wrong]
        advised += filter(None, [judged.advice])
    lines += [f"quirk        {quirk}" for quirk in talk.quirks]
    lines += [f"to do        {advice}" for advice in advised]
    return "\n".join(lines)
