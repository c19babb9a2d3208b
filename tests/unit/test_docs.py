"""What the pages tell to follow, to type and to watch is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from cli.main import main
from tests.servers import ROOT
from tests.unit.deploy.exported import EXPORTED

PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OPERATIONS: Final = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
TASKS: Final = ("Install", "Upgrade", "Back up", "Restore", "Rotate", "Grow", "Forget")
_LINK: Final = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)")
_BLOCK: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_TYPED: Final = re.compile(r"\bvaarta ((?:[a-z][a-z-]* ?){1,2})((?:\[?--[a-z-]+[^`\n#;|]*)?)")


def anchors(page: Path) -> set[str]:
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def broken(page: Path) -> Iterator[str]:
    for path, anchor in _LINK.findall(_BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", path):
            continue
        target = page.parent / path if path else page
        if not target.exists():
            yield path
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{path}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert list(broken(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_metrics_that_are_told_of_are_exported(page: Path) -> None:
    told = set(re.findall(r"\bvaarta_[a-z_]+[a-z]\b", page.read_text(encoding="utf-8")))

    assert {one for one in told if one not in EXPORTED and one + "_count" not in EXPORTED} == set()


@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_found_by_its_heading_with_what_to_type(task: str) -> None:
    (part,) = re.findall(rf"^## {task}$(.*?)^## ", OPERATIONS, re.MULTILINE | re.DOTALL)

    assert "```sh" in part or "| `vaarta" in part


def typed() -> set[tuple[str, str]]:
    """Every command with one option that is given to it, or none."""
    found = set()
    for words, options in _TYPED.findall(OPERATIONS):
        found |= {(words.strip(), one) for one in re.findall(r"--[a-z-]+", options) or [""]}
    return found


@pytest.mark.parametrize(("words", "option"), sorted(typed()))
def test_what_is_typed_is_understood(
    words: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as done:
        main([*words.split(), "--help"])

    assert done.value.code == 0
    assert option in capsys.readouterr().out
