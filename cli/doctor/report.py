"""The findings as a table for people."""

from collections.abc import Sequence

from control_api.checks.finding import Finding

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
