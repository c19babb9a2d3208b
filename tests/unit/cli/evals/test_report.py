"""A suite's results, as they are told."""

import json
from html.parser import HTMLParser
from xml.etree import ElementTree

from cli.evals.outcome import CaseResult, SuiteResult, Try
from cli.evals.report import as_json, html, junit, table

HOSTILE = '<script>alert("x")</script> & \x00\x1b[31m'
RIGHT = Try(2.5, [], "s-1", "Agent: Hello.", [600, 700])
WRONG = Try(3.5, [f"says: {HOSTILE}"], "s-2", HOSTILE, [900])
RESULT = SuiteResult(
    f"Desk {HOSTILE}",
    [CaseResult("Hours", 1, [RIGHT, WRONG]), CaseResult("Prices\x01", 2, [RIGHT, WRONG])],
)


def test_a_case_is_green_with_as_many_right_tries_as_it_needs() -> None:
    assert [case.is_green for case in RESULT.cases] == [True, False]
    assert not RESULT.is_green


def test_junit_has_a_failure_for_each_case_that_is_not() -> None:
    suite = ElementTree.fromstring(junit(RESULT))
    assert (suite.get("tests"), suite.get("failures"), suite.get("time")) == ("2", "1", "12.000")
    hours, prices = suite.findall("testcase")
    assert hours.find("failure") is None
    failure = prices.find("failure")
    assert failure is not None
    assert failure.get("message") == "1 of 2 tries, 2 needed"
    assert (failure.text or "").startswith('try 2: says: <script>alert("x")</script>')


def test_the_page_runs_nothing_that_was_said() -> None:
    page = html(RESULT)
    tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            tags.append(tag)

    Reader().feed(page)
    assert "script" not in tags
    assert tags.count("details") == 4
    assert "http" not in page


def test_a_terminal_and_a_program_are_told_the_same() -> None:
    told = json.loads(json.dumps(as_json(RESULT)))
    assert told["passed"] is False
    assert [case["passed"] for case in told["cases"]] == [True, False]
    assert told["cases"][1]["tries"][1]["session_id"] == "s-2"
    lines = table(RESULT).splitlines()
    assert [lines[1].split()[-1], lines[2].split()[-1]] == ["passed", "FAILED"]
    assert "Prices\x01, try 2: says:" in table(RESULT)
