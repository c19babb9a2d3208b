"""What a session is served in another's place, as its record tells it."""

from typing import Any

from core.catalog import Model, Route
from pipeline.route_order import is_same_model
from store.records import Substitution


def speaker_in_place(config: dict[str, Any], speaker: str) -> Substitution:
    """Another speaker, as the provider refuses the voice's own."""
    voice = config["voice"]
    return Substitution("voice", voice, speaker, f"the provider refuses {voice}")


def route_in_place(model: Model, first: Route, served: Route) -> Substitution | None:
    """Another host than the first that is offered, or one that has another model than was asked
    for; None where it is neither."""
    wanted = model.routes[0]
    if not is_same_model(served, wanted):
        reason = f"{served.upstream} has no {model.name}"
        return Substitution("llm_model", model.id, _name(served.model), reason)
    if served != first:
        reason = (
            f"{served.upstream} answered sooner"
            if model.order == "measured"
            else f"{first.upstream} gave no answer in time"
        )
        return Substitution("llm_upstream", first.upstream, served.upstream, reason)
    return None


def _name(model: str) -> str:
    """A host's name for a model without the path before it."""
    return model.rpartition("/")[2]
