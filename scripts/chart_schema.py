"""Writes the settings into the Helm chart's schema of values: `python scripts/chart_schema.py`.

A name that nobody reads, a number out of bounds and a secret in plain sight are then refused
before anything is installed.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.settings import group_types  # noqa: E402

SCHEMA: Final = ROOT / "deploy/helm/vaarta/values.schema.json"
COUNTED_WITH: Final = (
    "AGENT_CAPACITY",
    "AGENT_DRAIN_TIMEOUT_S",
    "API_STOP_TIMEOUT_S",
    "DRAIN_S",
    "LIVEKIT_URL",
)
"""What the templates ask for, and what nobody can do without."""
SETTLED: Final = frozenset(
    "APP_ENV API_HOST API_PORT METRICS_PORT AGENT_HOST AGENT_PORT AGENT_METRICS_PORT "
    "AGENT_JOURNAL_DIR AGENT_REPERTOIRE_DIR CONSOLE_TENANT_ID WEBHOOK_ALLOW_PRIVATE".split()
)
"""What the image and the chart have decided, and what production refuses."""
RULES: Final = ("type", "enum", "minimum", "exclusiveMinimum", "maximum", "pattern")
_BLOCK: Final = re.compile(r'^    "settings": \{.*?\}(?=,\n    "catalogConfigMap")', re.M | re.S)


def render(schema: str) -> str:
    """The whole text with the settings as they are now."""
    lines = [f'        "{name}": {json.dumps(rule)}' for name, rule in sorted(_rules())]
    block = (
        '    "settings": {\n'
        '      "type": "object",\n'
        '      "additionalProperties": false,\n'
        f'      "required": {json.dumps(COUNTED_WITH)},\n'
        '      "properties": {\n' + ",\n".join(lines) + "\n      }\n    }"
    )
    return _BLOCK.sub(lambda _: block, schema)


def _rules() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each setting that a value may give: secrets come out of a Secret."""
    for group in group_types().values():
        fields = group.model_json_schema(by_alias=True)["properties"]
        for name, field in fields.items():
            if name not in SETTLED and not field.get("writeOnly"):
                typed = field if "type" in field else field["anyOf"][0]
                yield name, {rule: typed[rule] for rule in RULES if rule in typed}


if __name__ == "__main__":
    SCHEMA.write_text(render(SCHEMA.read_text(encoding="utf-8")), encoding="utf-8")
