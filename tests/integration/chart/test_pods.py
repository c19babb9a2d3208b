"""What the chart's pods may do, are told and are given time for."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from core.setting_groups import AgentSettings, ApiSettings
from core.settings import group_types
from tests.integration.chart import rendering as chart
from tests.integration.chart.rendering import rendered

COMPONENTS: Final = ("api", "worker", "migrate")


def pod(way: str, component: str) -> dict[str, Any]:
    return dict(chart.pods(rendered(way)))[component]


def environment(container: Mapping[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in container["env"]}


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("way", ["least", "all"])
def test_a_pod_may_do_no_more_than_it_must(way: str, component: str) -> None:
    spec = pod(way, component)["spec"]
    (container,) = spec["containers"]

    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"hostNetwork", "hostPID", "hostIPC", "initContainers"}.isdisjoint(spec)
    assert all("hostPath" not in volume for volume in spec["volumes"])


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_environment_name_is_a_setting(component: str) -> None:
    known = {
        field.alias for group in group_types().values() for field in group.model_fields.values()
    }
    (container,) = pod("all", component)["spec"]["containers"]

    assert set(environment(container)) <= known | {"CATALOG_FILE"}


@pytest.mark.parametrize("component", COMPONENTS)
def test_secrets_come_out_of_a_secret_that_is_not_the_charts(component: str) -> None:
    (container,) = pod("all", component)["spec"]["containers"]

    assert container["envFrom"] == [{"secretRef": {"name": "vaarta-secret"}}]
    assert chart.of_kind(rendered("all"), "Secret") == []


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_service_of_the_namespace_cannot_name_a_setting(component: str) -> None:
    assert pod("least", component)["spec"]["enableServiceLinks"] is False


def test_a_number_reaches_the_process_as_it_was_written() -> None:
    given = {"EVENTS_MAX_STREAMS": 1_000_000, "WEBHOOK_POLL_S": 0.5, "LOG_LEVEL": "DEBUG"}
    manifests = chart.render(chart.values({"settings": given}))
    (container,) = dict(chart.pods(manifests))["api"]["spec"]["containers"]

    told = environment(container)

    assert {name: told[name] for name in given} == {
        "EVENTS_MAX_STREAMS": "1000000",
        "WEBHOOK_POLL_S": "0.5",
        "LOG_LEVEL": "DEBUG",
    }


@pytest.mark.parametrize(
    ("component", "setting"),
    [("api", "API_STOP_TIMEOUT_S"), ("worker", "AGENT_DRAIN_TIMEOUT_S")],
)
def test_a_pod_is_given_the_time_to_stop_that_it_takes(component: str, setting: str) -> None:
    manifests = chart.render(chart.values({"settings": {setting: 5000}}))
    given_s = dict(chart.pods(manifests))[component]["spec"]["terminationGracePeriodSeconds"]

    assert 5000 + 10 <= given_s <= 5000 + 60


@pytest.mark.parametrize("component", ["api", "worker"])
def test_a_pod_is_asked_how_it_is_at_ports_that_it_has(component: str) -> None:
    (container,) = pod("least", component)["spec"]["containers"]
    ports = {one["name"]: one["containerPort"] for one in container["ports"]}
    asked = {
        probe: container[probe]["httpGet"]
        for probe in ("startupProbe", "livenessProbe", "readinessProbe")
    }

    assert {one["port"] for one in asked.values()} <= ports.keys()
    assert asked["readinessProbe"]["path"] == "/readyz"
    # A dependency that is away is no reason to move every caller.
    assert asked["livenessProbe"]["path"] in ("/healthz", "/")
    assert (
        ports
        == {
            "api": {"http": ApiSettings().port, "metrics": ApiSettings().metrics_port},
            "worker": {"health": AgentSettings().port, "metrics": AgentSettings().metrics_port},
        }[component]
    )


def test_the_schema_is_there_before_the_code_that_needs_it() -> None:
    (job,) = chart.of_kind(rendered("least"), "Job")

    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == ["vaarta", "migrate"]


@pytest.mark.parametrize("component", ["api", "worker"])
def test_the_new_ones_are_there_before_the_old_ones_go(component: str) -> None:
    (deployment,) = [
        one
        for one in chart.of_kind(rendered("least"), "Deployment")
        if one["metadata"]["name"].endswith(component)
    ]

    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert {
        one["topologyKey"]
        for one in deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]
    } == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
