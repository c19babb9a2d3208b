"""The lists of what a release is made of leave nothing out."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conftest import missing
from tests.servers import ROOT, MissingServer

TOOL: Final = ROOT / ".data/tools/sbom/.installed"


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both."""
    folder = tmp_path_factory.mktemp("sbom")
    if not TOOL.exists():
        missing(MissingServer("cyclonedx-bom: scripts/sbom installs it"))
    done = subprocess.run(
        [str(ROOT / "scripts/sbom"), str(folder)],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def read(file: Path) -> dict[str, Any]:
    listed: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert listed["bomFormat"] == "CycloneDX"
    return listed


def test_every_pinned_package_is_listed_with_its_hashes(lists: Path) -> None:
    pinned = re.findall(
        r"^([a-z0-9-]+)(?:\[.*\])?==([^ ;]+)", locked("requirements.txt"), re.MULTILINE
    )
    components = read(lists / "vaarta.cdx.json")["components"]

    assert {one["purl"] for one in components} == {
        f"pkg:pypi/{name}@{version}" for name, version in pinned
    }
    assert all(one["externalReferences"][0]["hashes"] for one in components)


def test_every_package_of_the_console_is_listed(lists: Path) -> None:
    packages = json.loads(locked("console/package-lock.json"))["packages"]
    pinned = {
        (path.rpartition("node_modules/")[2], one["version"])
        for path, one in packages.items()
        if path
    }
    components = read(lists / "console.cdx.json")["components"]
    shipped = {
        one["name"]
        for one in components
        if {"name": "cdx:npm:package:development", "value": "true"} not in one["properties"]
    }

    assert {(one["name"], one["version"]) for one in components} == pinned
    assert {"react", "livekit-client"} <= shipped
    assert "vitest" not in shipped


def locked(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
