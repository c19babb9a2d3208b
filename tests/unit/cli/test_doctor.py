from cli.doctor.report import table
from control_api.checks.finding import Finding


def test_a_table_tells_needed_from_optional() -> None:
    lines = table(
        [
            Finding("postgres", "h:1", is_ok=True, version="18.0", latency_ms=3),
            Finding("livekit", "ws://h", is_ok=False, advice="start it"),
            Finding("worker", "http://h", is_ok=False, is_needed=False, advice="later"),
        ]
    ).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["ok", "FAIL", "away"]
    assert lines[2].endswith("start it")
