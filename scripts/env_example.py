"""Writes `.env.example` out of the settings class: `python scripts/env_example.py`.

Every line is a comment, so that a copy changes nothing until a line is made one's own.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pydantic import SecretStr  # noqa: E402

from core.setting_groups import Group  # noqa: E402
from core.settings import group_types  # noqa: E402

HEAD = """\
# Every setting, its meaning with its unit, and its default. Copy this file to .env for
# development, or set the variables in the environment; the environment wins. Production reads
# no .env and refuses the defaults that only suit a machine of one's own.
#
# `vaarta dev` starts Postgres, LiveKit and the sandbox by itself and sets their addresses;
# a variable that is set here is used instead.
"""
CATALOG = """
# Models, voices, languages, prices, upstreams

# path of a TOML file to read in place of the packaged catalog
#CATALOG_FILE=
"""


def render() -> str:
    """The file's whole text."""
    return HEAD + "".join(map(_group, group_types().values())) + CATALOG


def _group(group: type[Group]) -> str:
    title = (group.__doc__ or "").strip().splitlines()[0].rstrip(".")
    lines = [f"\n# {title}\n"]
    for field in group.model_fields.values():
        lines.append(f"\n# {field.description}\n#{field.alias}={_text(field.default)}\n")
    return "".join(lines)


def _text(default: object) -> str:
    return default.get_secret_value() if isinstance(default, SecretStr) else str(default)


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(render(), encoding="utf-8")
