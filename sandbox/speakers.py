"""Which speakers each voice model accepts, from ``speakers.toml``."""

import functools
import tomllib
from importlib.resources import files

V2, V3, V4 = "bulbul:v2", "bulbul:v3", "bulbul:v4-flash"
DEFAULT_SPEAKER = {V2: "anushka", V3: "shubh", V4: "shubh_enhi_ads"}


@functools.cache
def accepted_speakers() -> dict[str, frozenset[str]]:
    """Model -> speaker ids, lower case."""
    tables = tomllib.loads(files("sandbox").joinpath("speakers.toml").read_text("utf-8"))
    styles = (
        f"{name}_{language}_{style}"
        for language, names in tables[V4].items()
        for name, name_styles in names.items()
        for style in name_styles
    )
    return {
        V2: frozenset(name for names in tables[V2].values() for name in names),
        V3: frozenset(name for names in tables[V3].values() for name in names),
        V4: frozenset(styles),
    }


def is_known_anywhere(speaker: str) -> bool:
    return any(speaker in speakers for speakers in accepted_speakers().values())
