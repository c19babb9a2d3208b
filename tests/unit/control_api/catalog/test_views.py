"""The catalog as the API shows it."""

from control_api.catalog.views import model_view, voice_view
from core.catalog import Catalog

CATALOG = Catalog.load()


def test_prices_are_numbers_per_million_tokens() -> None:
    model = CATALOG.model("kimi-k2.5")
    assert model is not None

    shown = model_view(model)

    assert shown["pricing"] == {"input": 57.6, "output": 288}
    assert "successor" not in shown
    assert shown["plans"] == ["free", "starter", "pro", "enterprise"]


def test_a_voice_shows_the_languages_that_it_may_speak() -> None:
    languages = {voice.id: voice_view(voice, CATALOG)["languages"] for voice in CATALOG.voices}

    assert len(languages) == 39
    assert len(languages["shubh"]) == 11
    assert languages["amelia"] == ["en-IN"]
