"""What `deploy/` starts is closed where it may be, and refuses what only suits development."""

import re
import subprocess
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from cli.dev import livekit_server
from core.setting_groups import (
    DEVELOPMENT_LIVEKIT_KEY,
    DEVELOPMENT_LIVEKIT_SECRET,
    AgentSettings,
    ApiSettings,
)
from core.settings import REQUIRED_IN_PRODUCTION, group_types
from tests.servers import ROOT

ONE_HOST = (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")
NODES = (ROOT / "deploy/compose.nodes.yaml").read_text(encoding="utf-8")
COMPOSE = ONE_HOST + NODES
LAID_OVER: dict[str, dict[str, Any]] = yaml.safe_load(NODES)["services"]
SERVICES: dict[str, dict[str, Any]] = {
    **yaml.safe_load(ONE_HOST)["services"],
    "redis": LAID_OVER["redis"],
}
EXAMPLE = (ROOT / "deploy/vaarta.env.example").read_text(encoding="utf-8")
GIVEN = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))
ASKED = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_no_more_than_it_must(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"migrate"}))
def test_a_service_that_lasts_tells_its_health(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_no_image_is_whatever_is_newest() -> None:
    images = [one["image"] for one in SERVICES.values() if "build" not in one]

    assert [one for one in images if not re.search(r":v?\d+\.\d+", one)] == []


def test_livekit_is_the_one_that_everything_is_tried_with() -> None:
    operations = (ROOT / "docs/operations.md").read_text(encoding="utf-8")

    assert SERVICES["livekit"]["image"] == livekit_server.IMAGE
    assert set(re.findall(r"livekit/livekit-server:\S+", operations)) == {livekit_server.IMAGE}


def test_nothing_that_calls_or_is_called_starts_before_the_settings_are_found_good() -> None:
    waiting = {name for name, one in SERVICES.items() if "migrate" in one.get("depends_on", {})}

    assert waiting == {"api", "worker", "livekit"}


def test_livekit_meets_its_nodes_where_redis_listens() -> None:
    address = LAID_OVER["livekit"]["environment"]["REDIS_HOST"]

    assert LAID_OVER.keys() == {"livekit", "redis"}
    assert LAID_OVER["redis"]["ports"] == [f"{address}:6379"]
    assert LAID_OVER["livekit"]["depends_on"] == {"redis": {"condition": "service_healthy"}}


def test_redis_wants_the_password_that_livekit_has() -> None:
    given = LAID_OVER["livekit"]["environment"]["REDIS_PASSWORD"]
    redis = LAID_OVER["redis"]

    assert redis["environment"] == {"REDISCLI_AUTH": given}
    assert 'requirepass "$$REDISCLI_AUTH"' in redis["command"][2]


def test_what_is_asked_for_has_no_default_and_stands_in_the_example() -> None:
    assert [one for one in re.findall(r"\$\{[^}]+\}", COMPOSE) if ":?" not in one] == []
    assert ASKED <= GIVEN


def test_the_example_holds_settings_that_there_are_and_all_that_production_requires() -> None:
    known = {
        field.alias for group in group_types().values() for field in group.model_fields.values()
    }
    composed = set(SERVICES["api"]["environment"])

    assert known | ASKED >= GIVEN
    assert GIVEN | composed >= set(REQUIRED_IN_PRODUCTION)
    assert "AUTH_JWT_SECRET" in GIVEN


def test_the_example_holds_no_secret() -> None:
    filled = dict(re.findall(r"^([A-Z_]+)=(.+)$", EXAMPLE, re.MULTILINE))

    assert {name for name in filled if not name.endswith("_URL")} == set()


def test_no_development_key_is_in_what_is_deployed() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "deploy").rglob("*") if path.is_file()
    )

    assert DEVELOPMENT_LIVEKIT_SECRET not in text
    assert DEVELOPMENT_LIVEKIT_KEY not in text
    # The range of all addresses is another thing than listening at all of them.
    assert re.findall(r"\b0\.0\.0\.0(?!/0)", text) == []


@pytest.mark.parametrize(
    ("name", "stops_within_s"),
    [("api", ApiSettings().stop_timeout_s), ("worker", AgentSettings().drain_timeout_s)],
)
def test_a_service_is_given_the_time_to_stop_that_it_takes(
    name: str, stops_within_s: float
) -> None:
    given = SERVICES[name]["stop_grace_period"]

    assert float(given.removesuffix("s")) > stops_within_s


def test_the_filled_in_settings_are_not_committed() -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", "-q", "deploy/vaarta.env"], cwd=ROOT, check=False
    )

    assert ignored.returncode == 0
