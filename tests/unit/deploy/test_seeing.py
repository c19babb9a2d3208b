"""Alerts and dashboards speak of metrics that there are, and of headings that operators find."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]

from core.setting_groups import AgentSettings, ApiSettings
from tests.servers import ROOT
from tests.unit.deploy.exported import EXPORTED, GIVEN_BY_PROMETHEUS
from tests.unit.deploy.promql import Reading, grouped_by, readings

PROMETHEUS: Final = ROOT / "deploy/prometheus"
GRAFANA: Final = ROOT / "deploy/grafana"
RULES: Final[list[dict[str, Any]]] = [
    rule
    for group in yaml.safe_load((PROMETHEUS / "rules.yml").read_text())["groups"]
    for rule in group["rules"]
]
BOARDS: Final = {
    path.name: json.loads(path.read_text()) for path in (GRAFANA / "dashboards").glob("*.json")
}
PANELS: Final = [
    pytest.param(panel, id=f"{name}: {panel['title']}")
    for name, board in sorted(BOARDS.items())
    for panel in board["panels"]
]


def faults(expression: str) -> Iterator[str]:
    """What it reads that nobody exports."""
    read = list(readings(expression))
    assert read, expression
    for one in read:
        if one.metric not in EXPORTED:
            yield one.metric
        elif strange := one.labels - EXPORTED[one.metric]:
            yield f"{one.metric} has no {', '.join(sorted(strange))}"
    known = frozenset().union(*(EXPORTED.get(one.metric, frozenset()) for one in read))
    yield from sorted(grouped_by(expression) - known)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_reads_what_is_exported(rule: Mapping[str, Any]) -> None:
    assert list(faults(rule["expr"])) == []


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_reads_what_is_exported(panel: Mapping[str, Any]) -> None:
    for target in panel["targets"]:
        assert list(faults(target["expr"])) == []
        shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        assert shown <= grouped_by(target["expr"]) | GIVEN_BY_PROMETHEUS


def test_names_and_labels_that_nobody_exports_are_seen() -> None:
    bad = 'sum by (task, colour) (rate(vaarta_turn_second_bucket{stage="x"}[5m])) > up{plan="a"}'

    assert list(faults(bad)) == ["vaarta_turn_second_bucket", "up has no plan", "colour", "task"]
    assert list(readings("time() - max by (job) (up offset 5m)")) == [Reading("up", frozenset())]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_how_bad_it_is_and_what_to_do(rule: Mapping[str, Any]) -> None:
    operations = (ROOT / "docs/operations.md").read_text(encoding="utf-8")

    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"]["summary"]
    assert re.search(rf"^#+ {re.escape(rule['annotations']['runbook'])}$", operations, re.MULTILINE)


def test_every_alert_is_tried() -> None:
    tried = yaml.safe_load((PROMETHEUS / "rules_test.yml").read_text())["tests"]
    raised = {
        case["alertname"]
        for one in tried
        for case in one["alert_rule_test"]
        if "exp_alerts" in case
    }

    assert raised == {rule["alert"] for rule in RULES}


def test_dashboards_are_found_and_ask_the_prometheus_that_there_is() -> None:
    (source,) = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())[
        "datasources"
    ]
    services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
    (provider,) = yaml.safe_load((GRAFANA / "provisioning/dashboards/vaarta.yml").read_text())[
        "providers"
    ]
    address = source["url"].removeprefix("http://")
    panels = [panel for board in BOARDS.values() for panel in board["panels"]]

    assert f"--web.listen-address={address}" in services["prometheus"]["command"]
    assert (
        f"./grafana/dashboards:{provider['options']['path']}:ro" in services["grafana"]["volumes"]
    )
    assert {panel["datasource"]["uid"] for panel in panels} == {source["uid"]}
    assert len({board["uid"] for board in BOARDS.values()}) == len(BOARDS)
    for board in BOARDS.values():
        assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_who_scrapes_knows_the_ports_that_the_processes_have() -> None:
    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
    targets = {
        one["job_name"]: one["static_configs"][0]["targets"] for one in config["scrape_configs"]
    }

    assert targets == {
        "vaarta-api": [f"127.0.0.1:{ApiSettings().metrics_port}"],
        "vaarta-worker": [f"127.0.0.1:{AgentSettings().metrics_port}"],
    }
