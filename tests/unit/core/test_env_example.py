import re
import runpy
from pathlib import Path

from core.settings import group_types

ROOT = Path(__file__).parents[3]


def test_the_example_is_what_the_settings_class_says() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "env_example.py"))
    written = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert written == script["render"](), "run: python scripts/env_example.py"


def test_every_setting_is_in_the_example_once() -> None:
    written = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#([A-Z][A-Z0-9_]+)=", written, re.MULTILINE)
    groups = group_types().values()
    known = [field.alias for group in groups for field in group.model_fields.values()]
    assert sorted(named) == sorted([*map(str, known), "CATALOG_FILE"])


def test_every_setting_has_a_meaning() -> None:
    groups = group_types().values()
    unexplained = [
        field.alias
        for group in groups
        for field in group.model_fields.values()
        if not field.description
    ]
    assert unexplained == []
