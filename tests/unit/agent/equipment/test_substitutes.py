"""What a session's record says when something else is served than what was asked for."""

import pytest

from agent.equipment.substitutes import route_in_place
from core.catalog import Catalog, Model, Route
from store.records import Substitution


@pytest.fixture
def kimi() -> Model:
    model = Catalog.load().model("kimi-k2.5")
    assert model is not None
    return model


def route(model: Model, upstream: str) -> Route:
    return next(one for one in model.routes if one.upstream == upstream)


def test_the_first_host_stands_for_nobody(kimi: Model) -> None:
    first = route(kimi, "openrouter")
    assert route_in_place(kimi, first, first) is None


def test_another_host_of_the_same_model_is_told(kimi: Model) -> None:
    entry = route_in_place(kimi, route(kimi, "openrouter"), route(kimi, "clarifai"))
    assert entry == Substitution(
        "llm_upstream", "openrouter", "clarifai", "openrouter gave no answer in time"
    )


def test_another_host_that_is_asked_for_its_speed_is_told(kimi: Model) -> None:
    model = kimi.model_copy(update={"order": "measured"})
    entry = route_in_place(model, route(kimi, "openrouter"), route(kimi, "clarifai"))
    assert entry == Substitution(
        "llm_upstream", "openrouter", "clarifai", "clarifai answered sooner"
    )


@pytest.mark.parametrize("first", ["openrouter", "moonshot"])
def test_another_model_is_told_even_where_no_other_host_is_offered(first: str, kimi: Model) -> None:
    entry = route_in_place(kimi, route(kimi, first), route(kimi, "moonshot"))
    assert entry == Substitution("llm_model", "kimi-k2.5", "kimi-k2.6", "moonshot has no Kimi K2.5")
