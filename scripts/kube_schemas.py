"""Keeps the schemas by which the Helm chart is judged, in the folder of its tests.

In an environment of its own, as nothing else needs these packages (all Apache-2.0):

    pip install kubernetes-validate==1.37.0 \
        cloudcoil.models.keda==2.16.1.0 cloudcoil.models.prometheus-operator==0.80.1.0
    python scripts/kube_schemas.py

kubernetes-validate brings what Kubernetes publishes of its API as JSON schemas; cloudcoil has made
its classes of what KEDA and the Prometheus operator publish. Kept are the chart's kinds and what
they are made of, without prose. A field that is not described is refused.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from cloudcoil.models.keda.v1alpha1 import ScaledObject
from cloudcoil.models.prometheus_operator.v1 import PrometheusRule, ServiceMonitor

KEPT: Final = Path(__file__).resolve().parent.parent / "tests/integration/chart/schemas"
KUBERNETES: Final = "1.37.0"
KINDS: Final = (
    "deployment-apps-v1",
    "horizontalpodautoscaler-autoscaling-v2",
    "ingress-networking-v1",
    "job-batch-v1",
    "networkpolicy-networking-v1",
    "poddisruptionbudget-policy-v1",
    "service-v1",
)
CUSTOM: Final = {
    "scaledobject-keda-v1alpha1": ("cloudcoil.models.keda", ScaledObject),
    "prometheusrule-monitoring-v1": ("cloudcoil.models.prometheus-operator", PrometheusRule),
    "servicemonitor-monitoring-v1": ("cloudcoil.models.prometheus-operator", ServiceMonitor),
}
PROSE: Final = frozenset({"description", "title", "default", "$schema", "$id"})


def main() -> None:
    """Write them all anew."""
    KEPT.mkdir(exist_ok=True)
    folder = files("kubernetes_validate") / f"kubernetes-json-schema/v{KUBERNETES}-local-strict"
    described = bare(json.loads((folder / "_definitions.json").read_text()))["$defs"]
    for name in KINDS:
        schema = bare(json.loads((folder / f"{name}.json").read_text()))
        schema["$defs"] = {one: described[one] for one in sorted(closure(schema, described))}
        keep(name, f"kubernetes-validate {version('kubernetes-validate')}", schema)
    for name, (package, kind) in CUSTOM.items():
        schema = strict(bare(kind.model_json_schema(by_alias=True)))
        keep(name, f"{package} {version(package)}", schema)


def bare(node: Any) -> Any:
    """Without prose, and with references into the schema itself.

    What is named in `properties` is a field, whatever its name.
    """
    if isinstance(node, list):
        return [bare(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {}
    for key, value in node.items():
        if key in ("properties", "$defs"):
            found[key] = {name: bare(one) for name, one in value.items()}
        elif key == "$ref":
            found[key] = "#/$defs/" + value.rsplit("/", 1)[1]
        elif key not in PROSE and not key.startswith("x-"):
            found[key] = bare(value)
    return found


def closure(schema: Any, described: dict[str, Any]) -> set[str]:
    """Every definition that the schema is made of."""
    found: set[str] = set()
    waiting = list(references(schema))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += references(described[name])
    return found


def references(node: Any) -> Iterator[str]:
    """The names of the definitions that are asked for."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if key == "$ref":
            yield value.rsplit("/", 1)[1]
        elif isinstance(value, dict | list):
            yield from references(value)


def strict(node: Any) -> Any:
    """Refuse what is not described; pydantic's "or null" is left out."""
    if isinstance(node, list):
        return [strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    if "anyOf" in node:
        choices = [strict(one) for one in node["anyOf"] if one != {"type": "null"}]
        return choices[0] if len(choices) == 1 else {"anyOf": choices}
    found = {key: strict(value) for key, value in node.items()}
    if found.get("properties") and isinstance(found.get("type"), str):
        found["additionalProperties"] = False
    return found


def keep(name: str, source: str, schema: dict[str, Any]) -> None:
    """One line a definition, so that a later version is read as a difference."""
    defs = schema.pop("$defs")
    lines = [f"{json.dumps(one)}: {json.dumps(defs[one])}" for one in sorted(defs)]
    head = json.dumps({"$comment": f"{source}, by scripts/kube_schemas.py", **schema})[:-1]
    text = f'{head},\n"$defs": {{\n' + ",\n".join(lines) + "\n}}\n"
    (KEPT / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
