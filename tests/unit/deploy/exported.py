"""What Prometheus finds on our metrics ports."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import REGISTRY

import core.metrics

GIVEN_BY_PROMETHEUS: Final = frozenset({"job", "instance"})


def _exported() -> Mapping[str, frozenset[str]]:
    found = {"up": GIVEN_BY_PROMETHEUS}
    for metric in vars(core.metrics).values():
        if not hasattr(metric, "_labelnames"):
            continue
        labels = frozenset(metric._labelnames) | GIVEN_BY_PROMETHEUS
        for name in REGISTRY._collector_to_names[metric]:
            found[name] = labels | ({"le"} if name.endswith("_bucket") else frozenset())
    return found


EXPORTED: Final = _exported()
"""Every name that is scraped, with its labels."""
