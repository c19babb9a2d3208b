"""Models of the tests' own: what one test does to a model's hosts, no other comes to feel.

The sessions of a worker leave a host alone that failed them, so a test in which hosts fail takes a
model that nobody else has. Only those that are hedged make second requests, which a slow machine
would bring about everywhere.
"""

import itertools
from importlib.resources import files
from pathlib import Path
from typing import Final

N_MODELS: Final = 40
_DEFAULT: Final = 'id = "kimi-k2.5"\n'
_MODEL: Final = """
[[models]]
id = "{kind}-{n}"
name = "{kind} {n}"
owned_by = "tests"
context_window = 1000
input_price = 10
output_price = 20
hedges = "{hedges}"
tells_unfinished = {tells}
routes = [
    {{ upstream = "openrouter", model = "tests/{kind}{n}" }},
    {{ upstream = "clarifai", model = "https://clarifai.com/tests/{kind}{n}" }},
    {{ upstream = "local", model = "{kind}{n}" }},
]
"""
_KINDS: Final = (
    ("trial", "off", "false"),
    ("hedged", "other", "false"),
    ("telling", "off", "true"),
)
_numbers = itertools.cycle(range(N_MODELS))


def write_catalog(path: Path) -> None:
    """The packaged catalog and the tests' models."""
    packaged = files("core").joinpath("catalog.toml").read_text(encoding="utf-8")
    head, default, tail = packaged.partition(_DEFAULT)
    assert default, "the default model is not where it was"
    own = "".join(
        _MODEL.format(kind=kind, hedges=hedges, tells=tells, n=n)
        for kind, hedges, tells in _KINDS
        for n in range(N_MODELS)
    )
    path.write_text(f'{head}{default}hedges = "off"\n{tail}{own}', encoding="utf-8")


def new_model(kind: str = "trial") -> str:
    """The id of a model that no test has used lately: a `trial`, one that is `hedged`, or one that
    is `telling` where the caller has broken off. Its hosts are openrouter, clarifai and local."""
    return f"{kind}-{next(_numbers)}"
