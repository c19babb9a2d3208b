"""The Helm chart as `helm` renders it and `kubeconform` judges it."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]

from tests.servers import ROOT, MissingServer

CHART: Final = ROOT / "deploy/helm/vaarta"
SCHEMAS: Final = Path(__file__).parent / "schemas/{{.ResourceKind}}{{.KindSuffix}}.json"
NAMESPACE: Final = "calls"
LEAST: Final[Mapping[str, Any]] = {
    "image": {"repository": "registry.example.com/vaarta"},
    "existingSecret": "vaarta-secret",
    "settings": {"LIVEKIT_URL": "ws://livekit.livekit.svc:7880"},
    "networkPolicy": {"neighbours": [{"ipBlock": {"cidr": "10.0.5.0/24"}}]},
}
"""What has no default."""
WATCHED: Final = {
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "prometheusRule": {"enabled": True},
}
KEDA: Final = {
    "autoscaling": {"by": "keda", "keda": {"prometheus": "http://prometheus.monitoring.svc:9090"}}
}
PLACED: Final = {
    "nodeSelector": {"pool": "calls"},
    "tolerations": [{"key": "calls", "operator": "Exists"}],
    "podAnnotations": {"example.com/team": "voice"},
}
WAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "least": {},
    "keda": {**KEDA, **WATCHED},
    "hpa": {"autoscaling": {"by": "hpa"}},
    "all": {
        "image": {"digest": f"sha256:{'0' * 64}", "pullSecrets": ["registry"]},
        "catalogConfigMap": "catalog",
        "recordingsClaim": "recordings",
        "serviceAccountName": "calls",
        "api": {"service": {"type": "LoadBalancer", "annotations": {"a": "b"}}, **PLACED},
        "worker": {"journalClaim": "journal", **PLACED},
        "ingress": {
            "enabled": True,
            "className": "nginx",
            "host": "api.example.com",
            "tlsSecret": "api-tls",
            "annotations": {"a": "b"},
        },
        "autoscaling": {
            "by": "keda",
            "keda": {"prometheus": "https://metrics.example.com", "authentication": "metrics"},
        },
        "networkPolicy": {"clients": [{"podSelector": {}}]},
        **WATCHED,
    },
    "open": {"networkPolicy": {"enabled": False, "neighbours": []}},
}
"""The chart's ways, by name: what is given beside the least."""


class Refused(Exception):
    """helm or kubeconform said no; the message is theirs."""


def program(name: str) -> Path:
    """Where helm or kubeconform is. Raises `MissingServer`."""
    for candidate in (shutil.which(name), str(ROOT / ".data/bin" / name)):
        if candidate and os.access(candidate, os.X_OK):
            return Path(candidate)
    raise MissingServer(f"{name}: scripts/chart-tools builds it")


def values(given: Mapping[str, Any]) -> dict[str, Any]:
    """The least that must be given, with more of it."""
    return _laid_over(LEAST, given)


@cache
def rendered(way: str) -> list[dict[str, Any]]:
    """The manifests of one way, which are not to be changed. Raises `Refused`."""
    return render(values(WAYS[way]))


def render(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The manifests, in helm's order. Raises `Refused`."""
    text = _helm("template", "v", str(CHART), "--namespace", NAMESPACE, given=values)
    return [one for one in yaml.safe_load_all(text) if one]


def lint(values: Mapping[str, Any]) -> str:
    """What helm says where it finds no fault. Raises `Refused`."""
    return _helm("lint", "--strict", str(CHART), given=values)


def judge(manifests: Sequence[Mapping[str, Any]]) -> str:
    """kubeconform's summary where each manifest fits its schema. Raises `Refused`."""
    options = ("-strict", "-summary", "-schema-location", str(SCHEMAS))
    return _ran(
        [program("kubeconform"), *options], "\n---\n".join(json.dumps(one) for one in manifests)
    )


def package(folder: Path) -> Path:
    """The chart as a registry would have it."""
    _helm("package", str(CHART), "--destination", str(folder), given=None)
    (archive,) = folder.glob("*.tgz")
    return archive


def pods(manifests: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each component's pod, as its Deployment or Job has it."""
    for one in manifests:
        if one["kind"] in ("Deployment", "Job"):
            template = one["spec"]["template"]
            yield template["metadata"]["labels"]["app.kubernetes.io/component"], template


def of_kind(manifests: Sequence[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one for one in manifests if one["kind"] == kind]


def _helm(*argv: str, given: Mapping[str, Any] | None) -> str:
    reading = () if given is None else ("--values", "-")
    return _ran([program("helm"), *argv, *reading], json.dumps(given))


def _ran(argv: Sequence[str | Path], text: str) -> str:
    done = subprocess.run(
        argv, input=text, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode != 0:
        raise Refused(done.stdout + done.stderr)
    return done.stdout


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        both = isinstance(under, Mapping) and isinstance(value, Mapping)
        merged[key] = _laid_over(under, value) if both else value  # type: ignore[arg-type]
    return merged
