"""What stands around the chart's pods: who finds them, how many there are, who reaches whom."""

from ipaddress import ip_network
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]

from tests.integration.chart import rendering as chart
from tests.integration.chart.rendering import rendered
from tests.servers import ROOT
from tests.unit.deploy.exported import EXPORTED
from tests.unit.deploy.promql import readings

GIVEN_BY_OPERATOR: Final = {"namespace", "job"}
PRIVATE: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.169.254/32", "fc00::/7")


def selector(one: dict[str, Any]) -> dict[str, str]:
    """The labels by which a manifest finds pods."""
    spec = one["spec"]
    found = spec.get("podSelector") or spec["selector"]
    labels: dict[str, str] = found.get("matchLabels", found)
    return labels


@pytest.mark.parametrize("kind", ["Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"])
def test_what_looks_for_pods_finds_those_of_one_component(kind: str) -> None:
    there = {name: pod["metadata"]["labels"] for name, pod in chart.pods(rendered("all"))}

    for one in chart.of_kind(rendered("all"), kind):
        sought = selector(one).items()
        found = [name for name, labels in there.items() if sought <= labels.items()]
        assert found == [one["metadata"]["labels"]["app.kubernetes.io/component"]]


def test_a_drained_node_takes_one_of_each_kind() -> None:
    budgets = chart.of_kind(rendered("least"), "PodDisruptionBudget")

    assert [one["spec"]["maxUnavailable"] for one in budgets] == [1, 1]


def test_keda_asks_for_sessions_that_are_counted() -> None:
    (scaled,) = chart.of_kind(rendered("keda"), "ScaledObject")
    (trigger,) = scaled["spec"]["triggers"]
    (read,) = readings(trigger["metadata"]["query"])

    assert read.metric == "vaarta_sessions_active"
    assert read.metric in EXPORTED
    assert read.labels <= GIVEN_BY_OPERATOR
    assert f'namespace="{chart.NAMESPACE}"' in trigger["metadata"]["query"]
    # Of workers that nobody has seen nothing follows.
    assert trigger["metadata"]["ignoreNullValues"] == "false"


def test_a_plain_autoscaler_is_given_the_same_metric_and_aim() -> None:
    (scaled,) = chart.of_kind(rendered("keda"), "ScaledObject")
    (plain,) = chart.of_kind(rendered("hpa"), "HorizontalPodAutoscaler")
    (metric,) = plain["spec"]["metrics"]
    (trigger,) = scaled["spec"]["triggers"]
    advanced = scaled["spec"]["advanced"]["horizontalPodAutoscalerConfig"]

    assert metric["pods"]["metric"]["name"] == "vaarta_sessions_active"
    assert metric["pods"]["target"] == {
        "type": trigger["metricType"],
        "averageValue": trigger["metadata"]["threshold"],
    }
    assert plain["spec"]["behavior"] == advanced["behavior"]


@pytest.mark.parametrize(("way", "kind"), [("keda", "ScaledObject"), ("hpa", "Horiz")])
def test_how_many_workers_there_are_is_said_by_one_alone(way: str, kind: str) -> None:
    scaling = {"ScaledObject", "HorizontalPodAutoscaler"}
    there = [one["kind"] for one in rendered(way) if one["kind"] in scaling]
    workers = {one["metadata"]["name"]: one for one in chart.of_kind(rendered(way), "Deployment")}
    target = next(one for one in rendered(way) if one["kind"] in scaling)["spec"]["scaleTargetRef"]

    assert [one.startswith(kind) for one in there] == [True]
    assert "replicas" not in workers[target["name"]]["spec"]


def test_workers_go_no_faster_than_they_hand_over() -> None:
    given = yaml.safe_load((chart.CHART / "values.yaml").read_text())
    down = given["autoscaling"]["behavior"]["scaleDown"]

    # DRAIN_S, then half a minute (docs/operations.md).
    assert (
        min(one["periodSeconds"] for one in down["policies"]) >= given["settings"]["DRAIN_S"] + 30
    )
    assert down["stabilizationWindowSeconds"] >= 300


def test_who_is_scraped_is_called_what_the_rules_call_them() -> None:
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    monitors = chart.of_kind(rendered("keda"), "ServiceMonitor")
    services = chart.of_kind(rendered("keda"), "Service")

    jobs = set()
    for monitor in monitors:
        sought = monitor["spec"]["selector"]["matchLabels"].items()
        (endpoint,) = monitor["spec"]["endpoints"]
        (found,) = [one for one in services if sought <= one["metadata"]["labels"].items()]
        assert [one["name"] for one in found["spec"]["ports"]] == [endpoint["port"]]
        assert found["spec"]["publishNotReadyAddresses"] is True
        jobs |= {one["replacement"] for one in endpoint["relabelings"]}

    assert jobs == {one["job_name"] for one in config["scrape_configs"]}


def test_every_pod_reaches_neighbours_and_the_public_alone() -> None:
    (neighbour,) = chart.LEAST["networkPolicy"]["neighbours"]
    policies = chart.of_kind(rendered("least"), "NetworkPolicy")

    assert len(policies) == len(list(chart.pods(rendered("least"))))
    for policy in policies:
        assert set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
        names, public, neighbours = policy["spec"]["egress"]
        assert {one["port"] for one in names["ports"]} == {53}
        assert neighbours == {"to": [neighbour]}
        assert [one for one in PRIVATE if is_open(one, public)] == []
        assert is_open("203.0.113.7/32", public)


def is_open(network: str, rule: dict[str, Any]) -> bool:
    wanted = ip_network(network)

    def holds(cidr: str) -> bool:
        one = ip_network(cidr)
        return one.version == wanted.version and wanted.subnet_of(one)  # type: ignore[arg-type]

    return any(
        holds(peer["ipBlock"]["cidr"]) and not any(map(holds, peer["ipBlock"]["except"]))
        for peer in rule["to"]
    )


def test_a_pod_is_reached_at_named_ports_alone() -> None:
    pods = dict(chart.pods(rendered("least")))
    opened = {
        policy["metadata"]["labels"]["app.kubernetes.io/component"]: {
            port["port"] for rule in policy["spec"]["ingress"] for port in rule["ports"]
        }
        for policy in chart.of_kind(rendered("least"), "NetworkPolicy")
    }

    assert opened == {"api": {"http", "metrics"}, "worker": {"metrics"}, "migrate": set()}
    for component, ports in opened.items():
        (container,) = pods[component]["spec"]["containers"]
        assert ports <= {one["name"] for one in container.get("ports", ())}
