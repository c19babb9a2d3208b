import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("agent", "cli", "control_api", "core", "pipeline", "sandbox", "store")


def test_every_package_is_listed_by_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    on_disk = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for name in OURS
        for path in (ROOT / name).rglob("*.py")
        if "console" not in path.parts
    }
    assert on_disk <= set(project["tool"]["setuptools"]["packages"])


def test_no_lock_file_holds_an_address() -> None:
    for lock in ROOT.glob("requirements*.txt"):
        text = lock.read_text()
        assert not any(word in text for word in ("://", "--index-url", "--find-links")), lock.name
    assert '"resolved"' not in (ROOT / "console" / "package-lock.json").read_text()
