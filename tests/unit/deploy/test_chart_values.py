"""The chart's values know the settings as they are, and begin where those begin."""

import json
import re
import runpy
import tomllib
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]

from core.settings import group_types
from tests.servers import ROOT

CHART: Final = ROOT / "deploy/helm/vaarta"
SCRIPT: Final = runpy.run_path(str(ROOT / "scripts/chart_schema.py"))
SCHEMA: Final = (CHART / "values.schema.json").read_text(encoding="utf-8")
KNOWN: Final[dict[str, Any]] = json.loads(SCHEMA)["properties"]["settings"]["properties"]
VALUES: Final[dict[str, Any]] = yaml.safe_load((CHART / "values.yaml").read_text())
FIELDS: Final = {
    str(field.alias): field
    for group in group_types().values()
    for field in group.model_fields.values()
}


def test_the_schema_has_every_setting_that_a_value_may_give() -> None:
    assert SCRIPT["render"](SCHEMA) == SCHEMA, "run: python scripts/chart_schema.py"
    assert {"AGENT_CAPACITY", "LIVEKIT_URL"} <= KNOWN.keys()


def test_the_schema_has_no_secret_and_nothing_that_is_settled() -> None:
    secrets = {name for name in FIELDS if re.search(r"_(SECRET|API_KEY|ENCRYPTION_KEY)$", name)}

    assert KNOWN.keys() & (secrets | {"DATABASE_URL"}) == {"LIVEKIT_API_KEY"}
    assert set(SCRIPT["SETTLED"]) <= FIELDS.keys() - KNOWN.keys()


@pytest.mark.parametrize("name", [one for one in VALUES["settings"] if not one.endswith("_URL")])
def test_a_value_begins_with_the_settings_own_default(name: str) -> None:
    assert VALUES["settings"][name] == FIELDS[name].default


def test_templates_ask_for_settings_that_must_be_there() -> None:
    text = "".join(one.read_text(encoding="utf-8") for one in (CHART / "templates").iterdir())
    asked = set(re.findall(r"\.settings\.([A-Z_]+)", text))

    assert asked <= set(SCRIPT["COUNTED_WITH"])
    assert set(SCRIPT["COUNTED_WITH"]) - VALUES["settings"].keys() == {"LIVEKIT_URL"}


def test_a_sessions_place_is_left_for_bursts_deaths_and_drains() -> None:
    assert VALUES["autoscaling"]["sessionsPerPod"] < VALUES["settings"]["AGENT_CAPACITY"]
    assert VALUES["autoscaling"]["by"] == "none"


def test_the_chart_has_the_release_of_what_it_installs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())

    assert chart["version"] == chart["appVersion"] == project["version"]
