"""Where a conversation's benchmark leaves its result: the terminal, JSON, the HTML report."""

from benchmarks.options import RigOptions
from benchmarks.report.page import write_report
from benchmarks.result import BenchmarkResult


def deliver(result: BenchmarkResult, options: RigOptions, *, title: str) -> None:
    """Print it, and write what was asked for. Raises OSError."""
    print(result.table())
    if options.json:
        result.write(options.json)
    if options.html:
        write_report(options.html, title, {"vaarta": result}, result.settings, result.environment)
