"""The image holds all of ours, in layers that change seldom, and runs as nobody."""

import re
import tomllib
from typing import Any, Final

import pytest
import yaml  # type: ignore[import-untyped]

from core.setting_groups import AgentSettings, ApiSettings
from core.settings import group_types
from tests.servers import ROOT
from tests.unit.deploy.dockerfile import Stage, stages

STAGES: Final = {one.name: one for one in stages((ROOT / "Dockerfile").read_text("utf-8"))}
IMAGE: Final = STAGES[""]
POD: Final = (ROOT / "deploy/helm/vaarta/templates/_pods.tpl").read_text(encoding="utf-8")
SERVICES: Final[dict[str, dict[str, Any]]] = yaml.safe_load(
    (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")
)["services"]


def test_it_runs_as_a_user_that_is_known_by_number() -> None:
    (user,) = IMAGE.all_of("USER")
    number = re.fullmatch(r"([1-9]\d+):\1", user)

    assert number
    assert f"--uid {number[1]} --gid {number[1]}" in " ".join(IMAGE.all_of("RUN"))
    assert set(re.findall(r"(?:runAsUser|runAsGroup|fsGroup): (\d+)", POD)) == {number[1]}


def test_every_package_of_ours_is_in_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    ours = {name.split(".")[0] for name in project["packages"]}
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert ours <= STAGES["wheel"].copied
    assert {f"!{one}" for one in ours} <= set(let_in)


@pytest.mark.parametrize("stage", STAGES.values(), ids=lambda one: one.name or "image")
def test_a_stage_takes_what_there_is_by_version_and_from_nowhere_else(stage: Stage) -> None:
    assert re.search(r":\d+", stage.base)
    assert [one for one in stage.copied if not (ROOT / one).exists()] == []
    assert stage.all_of("ADD") == []
    installs = [one for one in stage.all_of("RUN") if re.search(r"pip .*\binstall\b", one)]
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)


def test_a_release_of_code_leaves_the_packages_layer_as_it_was() -> None:
    assert STAGES["packages"].copied == {"requirements.txt"}
    assert IMAGE.all_of("COPY") == ["--from=packages /opt/vaarta /opt/vaarta"]
    assert IMAGE.copied == set()


def test_what_it_sets_are_settings() -> None:
    known = {
        field.alias for group in group_types().values() for field in group.model_fields.values()
    }

    assert IMAGE.environment.keys() - known == {"PATH", "PYTHONUNBUFFERED"}
    assert IMAGE.environment["APP_ENV"] == "production"


@pytest.mark.parametrize("name", ["AGENT_JOURNAL_DIR", "AGENT_REPERTOIRE_DIR", "RECORDING_STORE"])
def test_a_folder_that_is_written_is_the_users_and_a_mount_where_it_is_deployed(name: str) -> None:
    folder = IMAGE.environment[name]
    worker = (ROOT / "deploy/helm/vaarta/templates/worker.yaml").read_text(encoding="utf-8")

    assert re.search(rf"install -d -m 700 -o vaarta -g vaarta .*{folder}", IMAGE.all_of("RUN")[0])
    assert f"mountPath: {folder}\n" in worker
    assert folder in {one.split(":")[1] for one in SERVICES["worker"]["volumes"]}


def test_its_ports_are_those_that_the_processes_have() -> None:
    (exposed,) = IMAGE.all_of("EXPOSE")
    api, agent = ApiSettings(), AgentSettings()

    assert set(map(int, exposed.split())) == {
        api.port,
        api.metrics_port,
        agent.port,
        agent.metrics_port,
    }


def test_the_process_itself_is_told_to_stop() -> None:
    assert IMAGE.all_of("STOPSIGNAL") == ["SIGTERM"]
    assert IMAGE.all_of("CMD") == ['["python", "-m", "control_api"]']
    assert IMAGE.all_of("ENTRYPOINT") == []
