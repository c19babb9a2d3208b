"""The catalog as the API shows it."""

import json

from control_api.catalog.answers import CatalogModel, catalog_voice
from control_api.request.json_text import compact
from core.catalog import Catalog

CATALOG = Catalog.load()


def test_prices_are_numbers_per_million_tokens() -> None:
    model = CATALOG.model("kimi-k2.5")
    assert model is not None

    shown = json.loads(compact(CatalogModel.of(model)))

    assert shown["pricing"] == {"input": 57.6, "output": 288}
    assert "successor" not in shown
    assert shown["plans"] == ["free", "starter", "pro", "enterprise"]


def test_a_voice_shows_the_languages_that_it_may_speak() -> None:
    languages = {voice.id: catalog_voice(voice, CATALOG).languages for voice in CATALOG.voices}

    assert len(languages) == 39
    assert len(languages["shubh"]) == 11
    assert languages["amelia"] == ["en-IN"]
