"""helm's and kubeconform's judgement of the chart, and what the chart itself refuses."""

import re
import tarfile
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.integration.chart import rendering as chart
from tests.integration.chart.rendering import Refused
from tests.servers import ROOT


@pytest.mark.parametrize("way", chart.WAYS)
def test_helm_finds_no_fault(way: str) -> None:
    assert "0 chart(s) failed" in chart.lint(chart.values(chart.WAYS[way]))


@pytest.mark.parametrize("way", chart.WAYS)
def test_every_field_is_one_that_kubernetes_knows(way: str) -> None:
    manifests = chart.rendered(way)

    summary = chart.judge(manifests)

    assert f"Valid: {len(manifests)}, Invalid: 0, Errors: 0, Skipped: 0" in summary


def test_every_kept_schema_is_of_a_kind_that_is_rendered() -> None:
    kinds = {one["kind"].lower() for way in chart.WAYS for one in chart.rendered(way)}

    assert {path.name.split("-")[0] for path in chart.SCHEMAS.parent.iterdir()} == kinds


@pytest.mark.parametrize("kind", ["Deployment", "ScaledObject", "ServiceMonitor"])
def test_a_field_that_nobody_knows_is_found(kind: str) -> None:
    manifests = deepcopy(chart.rendered("keda"))
    chart.of_kind(manifests, kind)[0]["spec"]["replicsa"] = 2

    with pytest.raises(Refused, match="replicsa"):
        chart.judge(manifests)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"image": {"repository": ""}}, "/image/repository"),
        ({"image": {"tag": "latest"}}, "/image/tag"),
        ({"existingSecret": ""}, "/existingSecret"),
        ({"settings": {"LIVEKIT_URL": None}}, "LIVEKIT_URL"),
        ({"networkPolicy": {"neighbours": []}}, "/networkPolicy/neighbours"),
        ({"ingress": {"enabled": True}}, "/ingress/host"),
        ({"autoscaling": {"by": "keda"}}, "/autoscaling/keda/prometheus"),
        ({"autoscaling": {"by": "cpu"}}, "/autoscaling/by"),
        ({"autoscaling": {"by": "hpa", "sessionsPerPod": 8}}, "sessionsPerPod is not below"),
        ({"autoscaling": {"by": "hpa", "min": 21}}, "min is above"),
        ({"replicas": 3}, "replicas"),
        ({"settings": {"AGENT_CAPACTY": 4}}, "AGENT_CAPACTY"),
        ({"settings": {"AGENT_CAPACITY": "many"}}, "/settings/AGENT_CAPACITY"),
        ({"settings": {"AGENT_CAPACITY": 0}}, "/settings/AGENT_CAPACITY"),
        ({"settings": {"AGENT_DRAIN_TIMEOUT_S": None}}, "AGENT_DRAIN_TIMEOUT_S"),
        ({"settings": {"API_PORT": 80}}, "API_PORT"),
    ],
    ids=str,
)
def test_values_that_cannot_be_meant_are_refused(given: Mapping[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        chart.render(chart.values(given))


@pytest.mark.parametrize("name", ["DATABASE_URL", "LIVEKIT_API_SECRET", "LLM_SARVAM_API_KEY"])
def test_a_secret_is_no_value(name: str) -> None:
    with pytest.raises(Refused, match=name):
        chart.render(chart.values({"settings": {name: "s"}}))


def test_the_rules_are_those_that_promtool_judges() -> None:
    (rules,) = chart.of_kind(chart.rendered("keda"), "PrometheusRule")

    assert rules["spec"] == yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text())


def test_a_packaged_chart_brings_the_rules_along(tmp_path: Path) -> None:
    with tarfile.open(chart.package(tmp_path)) as archive:
        packed = archive.extractfile("vaarta/files/rules.yml")

        assert packed is not None
        assert packed.read() == (ROOT / "deploy/prometheus/rules.yml").read_bytes()


def test_what_the_page_tells_to_write_is_accepted() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    blocks = map(yaml.safe_load, re.findall(r"^```yaml$(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    install, grow = [one for one in blocks if one.keys() & {"image", "autoscaling"}]

    for given in (install, {**install, **grow}):
        chart.judge(chart.render(given))
